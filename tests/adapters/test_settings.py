"""Settings: what a file may say, what only the environment may, and where nothing is sent to."""

from pathlib import Path

import pytest

from failback.adapters import AzureSettings, BadSettings, load_settings

ENV = {
    "FAILBACK_AZURE_SUBSCRIPTION": "c183865e-6077-46f2-a3b1-deb0f4f4650a",
    "FAILBACK_AZURE_RESOURCE_GROUP": "dr-rg",
    "FAILBACK_AZURE_VAULT": "dr-vault",
}
YAML = """
azure:
  subscription: c183865e-6077-46f2-a3b1-deb0f4f4650a
  resource_group: dr-rg
  vault: from-file
vsphere:
  host: vcenter.site.example
  user: drill@vsphere.local
"""
TOML = """
[azure]
subscription = "c183865e-6077-46f2-a3b1-deb0f4f4650a"
resource_group = "dr-rg"
vault = "from-file"
"""


def written(folder: Path, text: str, name: str = "settings.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def azure(**values: object) -> AzureSettings:
    return AzureSettings("s", "g", "v", **values)  # type: ignore[arg-type]  # values are fields


def test_the_environment_is_enough() -> None:
    settings = load_settings(None, ENV)
    assert (settings.azure.vault, settings.azure.endpoint, settings.vsphere) == (
        "dr-vault",
        "https://management.azure.com",
        None,
    )


def test_a_file_is_enough_but_for_secrets(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, YAML), {"FAILBACK_VSPHERE_PASSWORD": "pass"})
    assert settings.azure.vault == "from-file"
    assert settings.vsphere is not None
    assert (settings.vsphere.host, settings.vsphere.password, settings.vsphere.port) == (
        "vcenter.site.example",
        "pass",
        443,
    )


def test_toml_is_read_by_its_name(tmp_path: Path) -> None:
    assert load_settings(written(tmp_path, TOML, "settings.toml"), {}).azure.vault == "from-file"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    env = {"FAILBACK_AZURE_VAULT": "from-env", "FAILBACK_VSPHERE_PASSWORD": "pass", "FAILBACK_VSPHERE_PORT": "8989"}
    settings = load_settings(written(tmp_path, YAML), env)
    assert settings.azure.vault == "from-env"
    assert settings.vsphere is not None
    assert settings.vsphere.port == 8989


def test_the_pace_of_the_clock_is_a_section_too(tmp_path: Path) -> None:
    settings = load_settings(written(tmp_path, YAML.partition("vsphere")[0] + "clock:\n  poll_s: 5\n"), ENV)
    assert (settings.poll_s, settings.clock_factor) == (5.0, 1.0)
    faster = load_settings(None, ENV | {"FAILBACK_CLOCK_FACTOR": "2000"})
    assert (faster.poll_s, faster.clock_factor) == (30.0, 2000.0)


@pytest.mark.parametrize("pace", ["0", "-1", "inf", "nan", "soon"])
def test_a_pace_is_a_number_above_zero(pace: str) -> None:
    with pytest.raises(BadSettings, match=r"clock|CLOCK"):
        load_settings(None, ENV | {"FAILBACK_CLOCK_POLL_S": pace})


@pytest.mark.parametrize(
    ("section", "key", "value"),
    [
        ("clock", "poll_s", "1e-9"),
        ("clock", "poll_s", "1e300"),
        ("clock", "factor", "1e300"),
        ("azure", "read_timeout_s", "1e300"),
        ("azure", "connect_timeout_s", "0"),
        ("azure", "reads_per_s", "1e300"),
        ("vsphere", "port", "9" * 400),
        ("vsphere", "read_timeout_s", "-1"),
    ],
)
def test_a_number_out_of_bounds_is_told_with_its_place(section: str, key: str, value: str) -> None:
    login = {"FAILBACK_VSPHERE_HOST": "localhost", "FAILBACK_VSPHERE_USER": "u", "FAILBACK_VSPHERE_PASSWORD": "p"}
    variable = f"FAILBACK_{section.upper()}_{key.upper()}"
    with pytest.raises(BadSettings) as refused:
        load_settings(None, {**ENV, **login, variable: value})
    assert f"the environment: {variable} is out of bounds: `{key}` is " in str(refused.value)


def test_all_mistakes_come_at_once(tmp_path: Path) -> None:
    text = "azure:\n  vault: v\n  colour: red\n  cloud: moon\nvsphere:\n  host: h\nextra: {}\n"
    with pytest.raises(BadSettings) as bad:
        load_settings(written(tmp_path, text), {"FAILBACK_AZURE_SIZE": "9"})
    outcome = str(bad.value)
    for part in ("azure.colour", "azure.cloud", "azure.subscription", "azure.resource_group", "vsphere.user"):
        assert part in outcome
    for part in ("vsphere.password (or FAILBACK_VSPHERE_PASSWORD) is missing", "'extra'", "FAILBACK_AZURE_SIZE"):
        assert part in outcome
    assert len(bad.value.mistakes) == len(outcome.splitlines())


@pytest.mark.parametrize(("section", "key"), [("azure", "token"), ("vsphere", "password"), ("azure", "client_secret")])
def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path, section: str, key: str) -> None:
    text = YAML.replace(f"{section}:\n", f"{section}:\n  {key}: hunter2\n")
    with pytest.raises(BadSettings, match=f"{section}.{key} is a secret") as bad:
        load_settings(written(tmp_path, text), {})
    assert "hunter2" not in str(bad.value)


def test_a_secret_is_never_shown() -> None:
    settings = load_settings(None, ENV | {"FAILBACK_AZURE_TOKEN": "hunter2"})
    assert settings.azure.token == "hunter2"
    assert "hunter2" not in repr(settings)


@pytest.mark.parametrize("text", ["azure: [", "- a\n", "azure: 7\n"])
def test_a_file_that_makes_no_sense_is_told(tmp_path: Path, text: str) -> None:
    with pytest.raises(BadSettings, match=r"settings\.yaml"):
        load_settings(written(tmp_path, text), ENV if text == "azure: 7\n" else {})


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadSettings, match="cannot be read"):
        load_settings(tmp_path / "none.yaml", {})


@pytest.mark.parametrize(
    "values",
    [
        {"base_url": "http://management.azure.com"},
        {"base_url": "https://arm.example", "verify": False},
        {"base_url": "ftp://127.0.0.1"},
        {"base_url": "management.azure.com"},
        {"credential": "token"},
        {"base_url": "http://127.0.0.1.example.com"},
    ],
)
def test_an_unsafe_address_is_refused(values: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"base_url|token"):
        azure(**values)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "http://localhost:1", "https://[::1]:8443"])
def test_loopback_may_be_plain_or_unverified(base_url: str) -> None:
    settings = azure(base_url=base_url, verify=False)
    assert settings.is_loopback


@pytest.mark.parametrize(
    ("cloud", "endpoint"),
    [("us_government", "https://management.usgovcloudapi.net"), ("china", "https://management.chinacloudapi.cn")],
)
def test_the_cloud_gives_the_endpoint(cloud: str, endpoint: str) -> None:
    assert load_settings(None, ENV | {"FAILBACK_AZURE_CLOUD": cloud}).azure.endpoint == endpoint


def test_a_declared_tunnel_is_known_from_a_file_and_from_the_environment(tmp_path: Path) -> None:
    text = YAML.replace("  vault: from-file\n", "  vault: from-file\n  tunnel: true\n")
    env = {"FAILBACK_VSPHERE_PASSWORD": "pass", "FAILBACK_VSPHERE_TUNNEL": "true"}
    settings = load_settings(written(tmp_path, text), env)
    assert settings.vsphere is not None
    assert (settings.azure.tunnel, settings.vsphere.tunnel) == (True, True)
    assert (settings.azure.where.tunnel, settings.vsphere.where.tunnel) == (True, True)


@pytest.mark.parametrize("base_url", ["http://127.0.0.1:8000", "https://127.0.0.1:8000"])
def test_a_credential_of_ones_own_goes_through_a_tunnel_only_where_its_end_is_verified(base_url: str) -> None:
    with pytest.raises(ValueError, match="leads to a live vault"):
        azure(base_url=base_url, verify=False, tunnel=True)
    assert azure(base_url="https://127.0.0.1:8000", tunnel=True).tunnel
    assert azure(base_url=base_url, verify=False, tunnel=True, token="given").tunnel
