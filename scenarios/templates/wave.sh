#!/usr/bin/env bash
# Wave @WAVE@ of plan @PLAN@, one leg at a time, with the Azure CLI. Made by `failback runbook --script az`.
# It was run against a simulated vault and never against Azure. Read it before you run it.
#
#   export VAULT=/subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V
#   bash @FILE@.sh reprotect --what-if
#
# Legs, in this order: commit-failover, reprotect, failback, commit, reprotect-to-azure. The first is for machines
# whose failover to Azure is not committed yet. Machines and values are in @FILE@.csv.
# Before each request the script reads the state of the machine again. It skips a machine that has the leg behind it.
# It stops at the first machine that is not ready, at the first refusal and at the first job that fails, and asks for
# nothing twice. It sends nothing in a freeze window of the plan. Run it again when the reason is gone.
# With --what-if it sends nothing and prints what it would send.
set -euo pipefail
shopt -s inherit_errexit # Bash 4.4 or later

ARM=${ARM:-https://management.azure.com}
API=2025-08-01
PAUSE_S=${PAUSE_S:-30}
LOOKS=3
: "${VAULT:?set VAULT to the id of the vault: /subscriptions/...}"
leg=${1:?which leg: commit-failover, reprotect, failback, commit or reprotect-to-azure}
what_if=${2:-}
list=$(dirname "$0")/@FILE@.csv

stop() {
  echo "STOPPED: $*" >&2
  exit 1
}

# States of an item as provider/protectionState: those from which the leg can be asked, and those that have it behind.
case $leg in
@STATES@
  *) stop "there is no leg $leg; legs are commit-failover, reprotect, failback, commit and reprotect-to-azure" ;;
esac
[[ -z $what_if || $what_if == --what-if ]] || stop "unknown option $what_if; the only option is --what-if"

get() { # get PATH QUERY: what a GET answers, by a JMESPath query
  az rest --only-show-errors --method get --url "$ARM$1?api-version=$API" --query "$2" --output tsv </dev/null
}

find_one() { # find_one COLLECTION NAME WHAT: the id of the one of this name, looked for on all pages
  local url="$ARM$VAULT/$1?api-version=$API" all="" page ids
  local query="[nextLink || '', join(' ', value[?properties.friendlyName=='$2'].id)]"
  while [[ -n $url ]]; do
    page=$(az rest --only-show-errors --method get --url "$url" --query "$query" --output tsv </dev/null)
    all+=" $(sed -n 2p <<<"$page")"
    url=$(sed -n 1p <<<"$page")
  done
  read -r -a ids <<<"$all"
  [[ ${#ids[@]} -eq 1 ]] || stop "$2: the vault has ${#ids[@]} $3 of this name, not one"
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

of_server() { # of_server ITEM LIST KEY NAME VALUE: a value of what the item's configuration server lists under a name
  local query="properties.customDetails.$2[?$3=='$4'].$5 | [0]" found
  found=$(get "${1%%/replicationProtectionContainers/*}" "$query")
  [[ -n $found && $found != None ]] || stop "the configuration server lists no $4 under $2"
  echo "$found"
}

policy_of() { # policy_of ITEM LEADS: of a classic item, the policy that is mapped from its container home, or to azure
  local own=${1%/replicationProtectedItems/*} mapped target policy leads
  mapped=$(get "$own/replicationProtectionContainerMappings" \
    "value[].join(' ', [properties.policyId || '-', properties.targetProtectionContainerId || '-'])")
  while read -r policy target; do
    leads=azure
    [[ ${target,,} != "${own,,}" ]] || leads=home
    if [[ $leads == "$2" && $policy == /* ]]; then
      echo "$policy"
      return
    fi
  done <<<"$mapped"
  stop "no replication policy for $leg is mapped to the item's container"
}

rcm_policy_of() { # rcm_policy_of ITEM: of a modernised item, the policy to Azure
  local found
  found=$(get "${1%/replicationProtectedItems/*}/replicationProtectionContainerMappings" \
    "value[?properties.providerSpecificDetails.instanceType=='InMageRcm'].properties.policyId | [0]")
  [[ -n $found && $found != None ]] || stop "no replication policy to Azure is mapped to the item's container"
  echo "$found"
}

pair() { # pair KEY VALUE: both as JSON, after a comma; nothing without a value
  [[ -z $2 ]] || printf ', "%s": "%s"' "$1" "${2//\\/\\\\}"
}

body_of() { # body_of ITEM: the body of the request for this leg; nothing for a commit
  case $leg/${state%%/*} in
    reprotect/InMageRcm)
      local agent store=$datastore storage=$log_storage_account
      agent=$(part_of_appliance "$appliance" reprotectAgent)
      [[ -n $store ]] || store=$(get "$1" "properties.providerSpecificDetails.discoveredVmDetails.datastores[0]")
      [[ $storage == /* ]] || storage="${1%%/providers/*}/providers/Microsoft.Storage/storageAccounts/$storage"
      printf '{"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {%s%s%s%s}}}' \
        '"instanceType": "InMageRcm"' "$(pair reprotectAgentId "$agent")" "$(pair datastoreName "$store")" \
        "$(pair logStorageAccountId "$storage")"
      ;;
    reprotect/InMageAzureV2)
      local target server policy user=""
      target=$(of_server "$1" masterTargetServers name "$master_target" id)
      server=$(of_server "$1" processServers friendlyName "$process_server" id)
      [[ -z $account ]] || user=$(of_server "$1" runAsAccounts accountName "$account" accountId)
      policy=$(policy_of "$1" home)
      printf '{"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {%s%s%s%s%s%s%s%s}}}' \
        '"instanceType": "InMage"' "$(pair masterTargetId "$target")" "$(pair processServerId "$server")" \
        "$(pair retentionDrive "$retention_drive")" "$(pair runAsAccountId "$user")" \
        "$(pair datastoreName "$datastore")" "$(pair profileId "$policy")" \
        ', "diskExclusionInput": {"volumeOptions": [{"volumeLabel": "Temporary Storage", "onlyExcludeIfSingleVolume": "Yes"}]}'
      ;;
    failback/InMageRcmFailback)
      printf '{"properties": {"providerSpecificDetails": {"instanceType": "InMageRcmFailback"%s}}}' \
        "$(pair recoveryPointType "$recovery_point")"
      ;;
    failback/InMage)
      printf '{"properties": {"failoverDirection": "PrimaryToRecovery"%s, "providerSpecificDetails": {%s%s}}}' \
        "$(pair sourceSiteOperations "$shut_down")" '"instanceType": "InMage"' \
        "$(pair recoveryPointType "$recovery_point")"
      ;;
    reprotect-to-azure/InMageRcmFailback)
      local server policy
      server=$(part_of_appliance "$appliance" processServer)
      policy=$(rcm_policy_of "$1")
      printf '{"properties": {"providerSpecificDetails": {"instanceType": "InMageRcmFailback"%s%s}}}' \
        "$(pair processServerId "$server")" "$(pair policyId "$policy")"
      ;;
    reprotect-to-azure/InMage)
      local server policy user="" storage=$log_storage_account
      server=$(of_server "$1" processServers friendlyName "$process_server" id)
      [[ -z $account ]] || user=$(of_server "$1" runAsAccounts accountName "$account" accountId)
      policy=$(policy_of "$1" azure)
      [[ -z $storage || $storage == /* ]] || storage="${1%%/providers/*}/providers/Microsoft.Storage/storageAccounts/$storage"
      printf '{"properties": {"failoverDirection": "RecoveryToPrimary", "providerSpecificDetails": {%s%s%s%s%s%s}}}' \
        '"instanceType": "InMageAzureV2"' "$(pair masterTargetId "$server")" "$(pair processServerId "$server")" \
        "$(pair runAsAccountId "$user")" "$(pair policyId "$policy")" "$(pair logStorageAccountId "$storage")"
      ;;
  esac
}

plan_body() { # the body of a recovery plan's request for this leg; nothing for a commit
  [[ $leg == failback ]] || return 0
  local direction=PrimaryToRecovery
  [[ $state != InMageRcm* ]] || direction=RecoveryToPrimary
  printf '{"properties": {"failoverDirection": "%s"%s, "providerSpecificDetails": [{"instanceType": "%s"%s}]}}' \
    "$direction" "$(pair sourceSiteOperations "$shut_down")" "${state%%/*}" "$(pair recoveryPointType "$recovery_point")"
}

not_frozen() { # stop in a freeze window of the plan, by the clock of this computer
  local now from until words
  now=$(date +%s)
  while read -r from until words; do
    if [[ -n $from ]] && ((now >= from && now < until)); then
      stop "$words; nothing is sent before it ends"
    fi
  done <<'END'
@FREEZES@
END
}

send() { # send ID BODY: ask once
  local more=()
  [[ -z $2 ]] || more=(--headers Content-Type=application/json --body "$2")
  az rest --only-show-errors --method post --url "$ARM$1/$action?api-version=$API" "${more[@]}" </dev/null >/dev/null
}

plan_job() { # plan_job PLAN: the scenario of the job that runs on a recovery plan, or None
  get "$1" "properties.currentScenario.scenarioName || 'None'"
}

settle() { # settle ITEM PLAN: wait until no job runs on the item or its plan, and its state has the leg behind it
  local looks=0
  while ((looks < LOOKS)); do
    sleep "$PAUSE_S"
    look "$1"
    if [[ $job == None && -n $2 ]]; then
      job=$(plan_job "$2")
    fi
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

row() { # row LINE: sets the variables of a line of the list
  IFS=, read -r machine row_leg plan appliance master_target process_server retention_drive account datastore \
    log_storage_account recovery_point shut_down <<<"$1"
}

examine() { # reads where the machine of the row stands; sets item, action and is_done, and stops where it is not ready
  [[ ",$line," != *,TO-BE-CHOSEN,* ]] || stop "$machine: a value is to be chosen; write it into $list instead of TO-BE-CHOSEN"
  item=$(find_one replicationProtectedItems "$machine" "replicated items")
  look "$item"
  action=$modernised_action
  [[ $state == InMageRcm* ]] || action=$classic_action
  is_done=1
  if [[ " $behind " != *" $state "* ]]; then
    is_done=0
    [[ $job == None ]] || stop "$machine: a job runs on it; wait until it ends"
    [[ " $ready " == *" $state "* ]] || stop "$machine: not ready for $leg; its state is $state"
  fi
}

one_machine() { # ask for the machine of the row
  local body
  examine
  if ((is_done)); then
    echo "$machine: $leg is done ($state)"
    return
  fi
  body=$(body_of "$item")
  echo "$machine: POST $item/$action ${body:-without a body}"
  [[ -z $what_if ]] || return 0
  not_frozen
  send "$item" "$body" || stop "$machine: the vault refused $leg, or its answer was lost; read the state before you ask again"
  settle "$item" ""
  echo "$machine: $leg is done ($state)"
}

whole_plan() { # whole_plan PLAN: ask a recovery plan for all of its machines in the list
  local id body line own number left=0 items=() names=()
  for line in "${rows[@]}"; do
    row "$line"
    [[ $row_leg == "$leg" && $plan == "$1" ]] || continue
    own=$line
    examine
    ((is_done)) || ((left += 1))
    items+=("$item")
    names+=("$machine")
  done
  if ((left == 0)); then
    echo "plan $1: $leg is done for ${names[*]}"
    return
  fi
  ((left == ${#items[@]})) || stop "plan $1: $leg is done for some of its machines and not for all; ask for the others one by one"
  id=$(find_one replicationRecoveryPlans "$1" "recovery plans")
  [[ $(plan_job "$id") == None ]] || stop "plan $1: a job runs on it; wait until it ends"
  row "$own"
  body=$(plan_body)
  echo "plan $1, for ${names[*]}: POST $id/$action ${body:-without a body}"
  [[ -z $what_if ]] || return 0
  not_frozen
  send "$id" "$body" || stop "plan $1: the vault refused $leg, or its answer was lost; read the states before you ask again"
  for number in "${!items[@]}"; do
    machine=${names[number]}
    settle "${items[number]}" "$id"
    echo "$machine: $leg is done ($state)"
  done
}

[[ -r $list ]] || stop "cannot read $list"
mapfile -t rows < <(tail -n +2 "$list")
found=0
asked="|"
for line in "${rows[@]}"; do
  row "$line"
  [[ $row_leg == "$leg" ]] || continue
  found=1
  if [[ -z $plan ]]; then
    one_machine
  elif [[ $asked != *"|$plan|"* ]]; then
    asked+="$plan|"
    whole_plan "$plan"
  fi
done
((found)) || stop "$list has no machine for $leg"
