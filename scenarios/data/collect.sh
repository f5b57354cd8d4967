#!/usr/bin/env bash
# Saves the data of a Recovery Services vault that `failback import` reads, with the Azure CLI. GET requests only: it
# changes nothing. Made by `failback import --collect sh`. It was run against a simulated vault and never against Azure.
#
#   export VAULT=/subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V
#   bash collect.sh FOLDER [--redact] [--yes]
#   failback import FOLDER --bandwidth 500
#
# It prints the rights that it needs and how many requests it sends. It reads the lists first; then it prints how many
# requests are left and how long they take, and asks whether to continue. Run it again with the same options to continue
# where it stopped. With --redact, names, addresses and ids become pseudonyms, and free text is dropped, before anything
# is saved. Set KEY to the same secret for this collector and for the one of vCenter, so that both give a machine the
# same pseudonym; keep it to yourself.
set -euo pipefail

ARM=${ARM:-https://management.azure.com}
API=2025-08-01
COMPUTE_API=2024-07-01
DISKS_API=2023-10-02
NETWORK_API=2024-05-01
GET_S=2 # seconds that one request takes; most of it is the start of az
SINGLE=(replicationProtectedItems replicationFabrics replicationRecoveryPlans) # each of their rows is read alone, too
LISTS=(replicationRecoveryServicesProviders replicationvCenters replicationProtectionContainerMappings
  replicationPolicies replicationAppliances)
: "${VAULT:?set VAULT to the id of the vault: /subscriptions/...}"
out=${1:?which folder: it is created}
redact=no yes=no
for option in "${@:2}"; do
  case $option in
    --redact) redact=yes ;;
    --yes) yes=yes ;;
    *)
      echo "unknown option $option; the options are --redact and --yes" >&2
      exit 2
      ;;
  esac
done
mkdir -p "$out/single"
if [[ $redact == yes && -z ${KEY:-} ]]; then
  KEY=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
  echo "export KEY=$KEY  # for the collector of vCenter, and to run this again"
fi
export KEY=${KEY:-}

PSEUDONYMS='
import hashlib, hmac, json, os, re, sys

kept = re.compile(r"(Type|Size|State|Status|Health|Version|Time|Utc|Code|Category|ActiveLocation|Heartbeat|Required)$", re.I)
free_text = re.compile(r"(Message|Causes|Action|Description|Summary|Text|Annotation)$", re.I)
uuid = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.I)
plain = re.compile(r"|\d+(\.\d+)?|\d{4}-\d\d-\d\dT.*|true|false|none", re.I)
address = re.compile(r"\d+(\.\d+){3}")

def digest(text):
    return hmac.new(os.environ["KEY"].encode(), text.lower().encode(), hashlib.sha256).hexdigest()

def name(text):
    d = digest(text)
    if found := list(uuid.finditer(text)):
        hashes = [digest(hit[0]) for hit in found]
        return "-".join(f"{h[:8]}-{h[8:12]}-{h[12:16]}-{h[16:20]}-{h[20:32]}" for h in hashes)
    of_replication = next((w for w in ("asrseeddisk", "asrreplica") if text.lower().startswith(w)), "")
    return f"198.18.{int(d[:2], 16)}.{int(d[2:4], 16)}" if address.fullmatch(text) else of_replication + "n" + d[:12]

def of_id(text):  # /subscriptions/NAME/resourceGroups/NAME/...: the kinds stay
    steps = enumerate(text.split("/"))
    return "/".join(s if n % 2 or not s or s.startswith("Microsoft.") else name(s) for n, s in steps)

def hidden(value, key=""):
    if isinstance(value, dict):
        return {k: v if key == "sku" else hidden(v, k) for k, v in value.items()}
    if isinstance(value, list):
        return [hidden(each, key) for each in value]
    if not isinstance(value, str) or plain.fullmatch(value):
        return value
    if free_text.search(key):
        return ""
    if value.startswith("/"):
        return of_id(value)
    return value if (kept.search(key) or key == "scenarioName") else name(value)

json.dump(hidden(json.load(sys.stdin)), sys.stdout)
'
OF_ROW='
import json, os, re, sys

group = re.compile("/subscriptions/[^/?#]+/resourceGroups/[^/?#]+(?=/|$)", re.I)

def details_of(row):
    return row.get("properties", {}).get("providerSpecificDetails") or {}

def ours(row):  # items of Hyper-V and of Azure VMs do not come home to VMware
    return "id" in row and details_of(row).get("instanceType", "InMage").startswith("InMage")

def machine_of(row):
    details = details_of(row)
    kind, name, home = details.get("instanceType"), details.get("targetVmName"), details.get("targetResourceGroupId")
    ids = {
        "InMageAzureV2": details.get("targetVmId"),
        "InMageRcm": home and name and f"{home}/providers/Microsoft.Compute/virtualMachines/{name}",
        "InMageRcmFailback": details.get("azureVirtualMachineId"),
    }
    away = row.get("properties", {}).get("activeLocation") == "Recovery" or kind == "InMageRcmFailback"
    return away and ids.get(kind) or ""

def groups_of(row):
    keys = "targetVmId", "azureVirtualMachineId", "targetResourceGroupId", "recoveryAzureResourceGroupId"
    found = (group.match(details_of(row).get(key) or "") for key in keys)
    return {hit[0].lower() for hit in found if hit}
'
FROM_PAGE="$OF_ROW"'
page = json.load(sys.stdin)
print(page.get("nextLink") or "")
print("\n".join(row["id"] for row in page["value"] if ours(row)))
'
OF_ITEM="$OF_ROW"'
print(machine_of(json.load(sys.stdin)))
'
GROUPS_OF_ITEM="$OF_ROW"'
print("\n".join(sorted(groups_of(json.load(sys.stdin)))))
'
LEFT="$OF_ROW"'
def rows(text):  # a page after the other, as they were saved
    while text := text.lstrip():
        page, end = json.JSONDecoder().raw_decode(text)
        yield from page["value"]
        text = text[end:]

items = list(filter(ours, rows(sys.stdin.read())))
files = (f"{sys.argv[1]}/single/{number:05}.json" for number in range(1, len(items) + 1))
left = [row for row, file in zip(items, files) if not (os.path.exists(file) and os.path.getsize(file))]
print(sum(bool(machine_of(row)) for row in left), len(set().union(*map(groups_of, left))))
'
OF_MACHINE='
import json, sys

profile = json.load(sys.stdin).get("properties", {}).get("networkProfile") or {}
print("\n".join(nic["id"] for nic in profile.get("networkInterfaces") or []))
'

get() { # get URL: what a GET answers
  az rest --only-show-errors --method get --url "$1" </dev/null
}

save() { # save FILE: appends what comes in
  if [[ $redact == yes ]]; then python3 -c "$PSEUDONYMS" >>"$1"; else cat >>"$1"; fi
}

not_read() { # not_read WHAT: counted, and the rest goes on
  echo "$1" >>"$out/not-read.log"
}

pages() { # pages FILE URL: all pages of a list to one file; prints the ids
  local file=$1 url=$2 page found
  rm -f "$file"
  while [[ -n $url ]]; do
    page=$(get "$url") || {
      not_read "$(basename "$file" .json)"
      return 0
    }
    save "$file" <<<"$page"
    found=$(python3 -c "$FROM_PAGE" <<<"$page") # the next page, then the ids
    url=$(head -n 1 <<<"$found")
    tail -n +2 <<<"$found"
  done
}

list() { # list KIND: a list of the vault
  pages "$out/$1.json" "$ARM$VAULT/$1?api-version=$API"
}

file_of() { # file_of NUMBER: where the single read of this number is saved
  printf '%s/single/%05d.json' "$out" "$1"
}

minutes() { # minutes COUNT: how long so many requests take
  echo $((($1 * GET_S + 59) / 60))
}

groups=" "
in_group() { # in_group GROUP: what is in a resource group, whoever it belongs to; once
  [[ $groups != *" $1 "* ]] || return 0
  groups+="$1 "
  local folder url=$ARM$1/providers
  folder=$out/groups/$(python3 -c 'import hashlib, sys; print(hashlib.sha256(sys.argv[1].encode()).hexdigest()[:12])' "$KEY$1")
  mkdir -p "$folder"
  pages "$folder/virtualMachines.json" "$url/Microsoft.Compute/virtualMachines?api-version=$COMPUTE_API"
  pages "$folder/disks.json" "$url/Microsoft.Compute/disks?api-version=$DISKS_API"
  pages "$folder/networkInterfaces.json" "$url/Microsoft.Network/networkInterfaces?api-version=$NETWORK_API"
  pages "$folder/publicIPAddresses.json" "$url/Microsoft.Network/publicIPAddresses?api-version=$NETWORK_API"
}

: >"$out/not-read.log"
echo "Rights that it needs: Site Recovery Reader on the vault, and Reader on the resource groups of the machines in" \
  "Azure (or the role that 'failback import --role azure' prints). It sends GET requests only."
lists=$((${#SINGLE[@]} + ${#LISTS[@]} + 1))
echo "First: $lists GET requests, and one for each further page of a list: about $(minutes $lists) min."
echo "Then: one for each item, fabric and recovery plan; for each machine in Azure, one and one for each of its" \
  "network interfaces; for each resource group of the machines, 4 lists. Their number is known after the lists. For" \
  "example, 1,000 machines in Azure in 10 resource groups need 3,040 GET requests: about $(minutes 3040) min."
ids=
for kind in "${SINGLE[@]}"; do
  ids+=$(list "$kind")$'\n'
done
for kind in "${LISTS[@]}"; do
  list "$kind" >/dev/null
done
page=$(get "$ARM$VAULT/replicationVaultHealth?api-version=$API") || not_read replicationVaultHealth
rm -f "$out/single/replicationVaultHealth.json"
[[ -z $page ]] || save "$out/single/replicationVaultHealth.json" <<<"$page"

count=0 number=0
while read -r id; do
  number=$((number + 1))
  [[ -z $id || -s $(file_of "$number") ]] || count=$((count + 1))
done <<<"$ids"
read -r machines groups_left < <(cat "$out/replicationProtectedItems.json" 2>/dev/null | python3 -c "$LEFT" "$out")
total=$((count + 2 * machines + 4 * groups_left))
echo "Left: $total GET requests, about $(minutes "$total") min: $count for items, fabrics and recovery plans," \
  "$((2 * machines)) for $machines machines in Azure with one network interface each, $((4 * groups_left)) for the" \
  "lists of $groups_left resource groups. Further network interfaces and pages need one more each."
if [[ $yes == no ]]; then
  read -r -p "Go on? [y/N] " answer
  [[ $answer == [yY]* ]] || exit 1
fi
number=0
while read -r id; do
  number=$((number + 1))
  file=$(file_of "$number")
  [[ -n $id && ! -s $file ]] || continue
  if ! page=$(get "$ARM$id?api-version=$API"); then
    not_read "single read $number"
    continue
  fi
  machine=$(python3 -c "$OF_ITEM" <<<"$page")
  if [[ -n $machine ]]; then
    rm -f "${file%.json}"-azure*.json
    if seen=$(get "$ARM$machine?api-version=$COMPUTE_API&\$expand=instanceView"); then
      save "${file%.json}-azure.json" <<<"$seen"
      for nic in $(python3 -c "$OF_MACHINE" <<<"$seen"); do # ids have no spaces
        if adapter=$(get "$ARM$nic?api-version=$NETWORK_API"); then
          save "${file%.json}-azure-network.json" <<<"$adapter"
        else
          not_read "network interface of single read $number"
        fi
      done
    else
      not_read "machine in Azure of single read $number"
    fi
  fi
  for group in $(python3 -c "$GROUPS_OF_ITEM" <<<"$page"); do # ids have no spaces
    in_group "$group" >/dev/null
  done
  save "$file" <<<"$page"
done <<<"$ids"
echo "Saved in $out; not read: $(grep -c . "$out/not-read.log" || true). Next: failback import $out --bandwidth MBIT"
