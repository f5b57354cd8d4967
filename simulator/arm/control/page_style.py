"""How the mock's pages look, in a light and in a dark browser."""

from typing import Final

STYLE: Final = """
:root{color-scheme:light dark;--line:#8883;--bad:#b3261e;--wait:#9a6700;--run:#d98a00;--ok:#2a7d46;--bar:#2a7de1}
@media(prefers-color-scheme:dark){:root{--bad:#ff8a80;--wait:#ffc94d;--run:#ffb74d;--ok:#7bd39a;--bar:#6aa8ff}}
body{font:14px/1.45 system-ui,sans-serif;margin:1.2em 2em 4em;max-width:110em}
h1{margin:.2em 0;font-size:1.6em}h1 small{font-weight:normal;font-size:.55em;opacity:.7}
h2{font-size:1.15em;margin:1.6em 0 .4em}
nav{position:sticky;top:0;z-index:1;background:Canvas;border-bottom:1px solid var(--line);padding:.5em 0}
nav a{margin-right:1.2em}
.wide{overflow-x:auto}table{border-collapse:collapse}
th,td{text-align:left;vertical-align:top;padding:.2em 1em .2em 0;border-bottom:1px solid var(--line)}
th{font-weight:600;opacity:.75}td:first-child,td .pill{white-space:nowrap}
#running td:nth-child(2),#ended td:nth-child(2),#items td:nth-child(4),#items td:last-child{white-space:nowrap}
tr:hover td{background:#8881}tr:has(:target) td{background:#fd04}
form{margin:.5em 0}td form{margin:0}form a{margin-left:.8em}
button,input,select{font:inherit;padding:.2em .6em}
.banner{border-left:.4em solid var(--bad);background:#b3261e1a;padding:.5em .8em}
.bad{color:var(--bad)}.quiet{opacity:.55}
.pill{border-radius:1em;padding:.05em .6em;background:#8882}
.pill.moving,.pill.in_progress{background:#d98a0033}.pill.suspended{background:#9a670044}
.pill.succeeded{background:#2a7d4626}.pill.failed,.pill.cancelled{background:#b3261e2b}
.tasks{list-style:none;margin:0;padding:0;display:flex;flex-wrap:wrap;gap:.2em .5em}
.tasks li{padding:0 .4em 0 .2em;opacity:.6}.tasks li::before{content:"\\25cb  "}
.tasks .succeeded,.tasks .skipped{opacity:1}.tasks .succeeded::before{content:"\\2714  ";color:var(--ok)}
.tasks .skipped::before{content:"\\2013  "}
.tasks .in_progress{opacity:1;font-weight:600}.tasks .in_progress::before{content:"\\25b6  ";color:var(--run)}
.tasks .suspended{opacity:1;font-weight:600}.tasks .suspended::before{content:"\\275a\\275a  ";color:var(--wait)}
.tasks .failed,.tasks .cancelled{opacity:1;font-weight:600;color:var(--bad)}
.tasks .failed::before,.tasks .cancelled::before{content:"\\2718  "}
summary{cursor:pointer;margin:.4em 0}
.lane{display:flex;align-items:center}
.lane label{width:17em;white-space:nowrap;overflow:hidden;text-overflow:ellipsis}
.track{position:relative;flex:1;height:1em;margin:2px 4em 2px 0;background:#8881}
.axis{background:none;height:1.3em}
.axis span{position:absolute;border-left:1px solid var(--line);padding-left:.3em;font-size:.85em}
.bar{position:absolute;top:1px;bottom:1px;border-radius:2px}
.bar,.key.succeeded{background:var(--bar)}.bar.failed,.bar.cancelled,.key.failed{background:var(--bad)}
.bar.in_progress,.key.in_progress{background:var(--run)}.bar.suspended,.key.suspended{background:var(--wait)}
.key{display:inline-block;width:1.2em;height:.7em;border-radius:2px;margin-left:.8em}
code{font-size:.95em}
"""
