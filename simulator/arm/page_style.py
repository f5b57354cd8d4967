"""How the front page looks."""

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark}
body{font:15px/1.4 system-ui,sans-serif;margin:1.5em 2em;max-width:80em}
h1 small{font-weight:normal;font-size:.5em;opacity:.7}
table{border-collapse:collapse}th,td{text-align:left;padding:.15em .9em .15em 0;border-bottom:1px solid #8884}
form{margin:.6em 0}button{padding:.3em .8em}.bad,.failed,.cancelled{color:#b00020}.wait,.suspended{color:#a66a00}
details{margin:.2em 0}summary{cursor:pointer}ol{margin:.2em 0 .6em}li.in_progress{font-weight:bold}li i{opacity:.7}
.lane{display:flex;align-items:center}.lane label{width:12em;overflow:hidden;text-overflow:ellipsis}
.track{position:relative;flex:1;height:1.1em;margin:1px 0;background:#8882}
.bar{position:absolute;top:1px;bottom:1px;background:#2a7de1}.bar.failed,.bar.cancelled{background:#b00020}
.bar.in_progress{background:#e6a100}
"""
