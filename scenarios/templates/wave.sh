#!/usr/bin/env bash
# Wave @WAVE@ of plan @PLAN@, one leg at a time, with the Azure CLI. Made by `failback runbook --script az`.
# It was run against a simulated vault and never against Azure. Read it before you run it.
#
#   export VAULT=/subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V
#   bash @FILE@.sh reprotect --what-if
#
# Legs, in this order: reprotect, failback, commit, reprotect-to-azure. Machines and values are in @FILE@.csv.
# Before each request the script reads the state of the machine again. It skips a machine that has the leg behind it.
# It stops at the first machine that is not ready, at the first refusal and at the first job that fails, and asks for
# nothing twice. Run it again when the reason is gone. With --what-if it sends nothing and prints what it would send.
set -euo pipefail
shopt -s inherit_errexit # Bash 4.4 or later

ARM=${ARM:-https://management.azure.com}
API=2025-08-01
PAUSE_S=${PAUSE_S:-30}
LOOKS=3
: "${VAULT:?set VAULT to the id of the vault: /subscriptions/...}"
leg=${1:?which leg: reprotect, failback, commit or reprotect-to-azure}
what_if=${2:-}
list=$(dirname "$0")/@FILE@.csv

stop() {
  echo "STOPPED: $*" >&2
  exit 1
}

# States of an item as provider/protectionState: those from which the leg can be asked, and those that have it behind.
case $leg in
@STATES@
  *) stop "there is no leg $leg; legs are reprotect, failback, commit and reprotect-to-azure" ;;
esac
[[ -z $what_if || $what_if == --what-if ]] || stop "$what_if is no option; the only one is --what-if"

get() { # get PATH QUERY: what a GET answers, by a JMESPath query
  az rest --only-show-errors --method get --url "$ARM$1?api-version=$API" --query "$2" --output tsv </dev/null
}

item_of() { # item_of MACHINE: the id of its replicated item, looked for on all pages
  local url="$ARM$VAULT/replicationProtectedItems?api-version=$API" all="" page ids
  local query="[nextLink || '', join(' ', value[?properties.friendlyName=='$1'].id)]"
  while [[ -n $url ]]; do
    page=$(az rest --only-show-errors --method get --url "$url" --query "$query" --output tsv </dev/null)
    all+=" $(sed -n 2p <<<"$page")"
    url=$(sed -n 1p <<<"$page")
  done
  read -r -a ids <<<"$all"
  [[ ${#ids[@]} -eq 1 ]] || stop "$1: the vault has ${#ids[@]} replicated items of this name, not one"
  echo "${ids[0]}"
}

look() { # look ITEM: sets state (provider/protectionState) and job (the scenario of the job that runs, or None)
  local seen query
  query="properties.[join('/', [providerSpecificDetails.instanceType, protectionState])"
  query+=", currentScenario.scenarioName || 'None'] | join(' ', @)"
  seen=$(get "$1" "$query")
  read -r state job <<<"$seen"
}

part_of_appliance() { # part_of_appliance APPLIANCE PART: the id of this part of a replication appliance
  local query="value[].properties.providerSpecificDetails.appliances[] | [?name=='$1'].$2.id | [0]" found
  found=$(get "$VAULT/replicationAppliances" "$query")
  [[ -n $found && $found != None ]] || stop "the vault has no replication appliance $1"
  echo "$found"
}

body_of() { # body_of ITEM: the body of the request for this leg; nothing for a commit
  case $leg in
    reprotect)
      local agent store=$datastore account=$log_storage_account
      agent=$(part_of_appliance "$appliance" reprotectAgent)
      [[ -n $store ]] || store=$(get "$1" "properties.providerSpecificDetails.discoveredVmDetails.datastores[0]")
      [[ $account == /* ]] || account="${1%%/providers/*}/providers/Microsoft.Storage/storageAccounts/$account"
      printf '{"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {%s, %s, %s, %s}}}' \
        '"instanceType": "InMageRcm"' "\"reprotectAgentId\": \"$agent\"" "\"datastoreName\": \"$store\"" \
        "\"logStorageAccountId\": \"$account\""
      ;;
    failback)
      printf '{"properties": {"providerSpecificDetails": {%s, %s}}}' \
        '"instanceType": "InMageRcmFailback"' "\"recoveryPointType\": \"$recovery_point\""
      ;;
    reprotect-to-azure)
      local server policy
      server=$(part_of_appliance "$appliance" processServer)
      policy=$(get "${1%/replicationProtectedItems/*}/replicationProtectionContainerMappings" \
        "value[?properties.providerSpecificDetails.instanceType=='InMageRcm'].properties.policyId | [0]")
      [[ -n $policy && $policy != None ]] || stop "no replication policy to Azure is mapped to the item's container"
      printf '{"properties": {"providerSpecificDetails": {%s, %s, %s}}}' \
        '"instanceType": "InMageRcmFailback"' "\"processServerId\": \"$server\"" "\"policyId\": \"$policy\""
      ;;
  esac
}

send() { # send ITEM BODY: ask once
  local more=()
  [[ -z $2 ]] || more=(--headers Content-Type=application/json --body "$2")
  az rest --only-show-errors --method post --url "$ARM$1/$action?api-version=$API" "${more[@]}" </dev/null >/dev/null
}

settle() { # settle ITEM: wait until no job runs on the item and its state has the leg behind it
  local looks=0
  while ((looks < LOOKS)); do
    sleep "$PAUSE_S"
    look "$1"
    if [[ $job != None ]]; then
      looks=0
    elif [[ " $behind " == *" $state "* ]]; then
      return 0
    else
      ((looks += 1))
    fi
  done
  stop "$machine: $leg was accepted, but the state is $state and no job runs; look at its jobs in the portal"
}

[[ -r $list ]] || stop "cannot read $list"
found=0
while IFS=, read -r machine row_leg appliance datastore log_storage_account recovery_point || [[ -n $machine ]]; do
  [[ $row_leg == "$leg" ]] || continue
  found=1
  item=$(item_of "$machine")
  look "$item"
  if [[ " $behind " == *" $state "* ]]; then
    echo "$machine: $leg is done ($state)"
    continue
  fi
  [[ $job == None ]] || stop "$machine: a job runs on it; wait until it ends"
  [[ " $ready " == *" $state "* ]] || stop "$machine: not ready for $leg; its state is $state"
  body=$(body_of "$item")
  echo "$machine: POST $item/$action ${body:-without a body}"
  [[ -z $what_if ]] || continue
  send "$item" "$body" || stop "$machine: the vault refused $leg, or its answer was lost; read the state before you ask again"
  settle "$item"
  echo "$machine: $leg is done ($state)"
done <"$list"
((found)) || stop "$list has no machine for $leg"
