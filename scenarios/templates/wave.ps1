# Wave @WAVE@ of plan @PLAN@, one leg at a time, with Az PowerShell. Made by `failback runbook --script ps1`.
# This script was never run: CI checks its grammar only. Read it before you run it, and begin with -WhatIf.
#
#   Connect-AzAccount
#   .\@FILE@.ps1 -Vault /subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V -Leg reprotect -WhatIf
#
# Legs, in this order: reprotect, failback, commit, reprotect-to-azure. Machines and values are in @FILE@.csv.
# Before each request the script reads the state of the machine again. It skips a machine that has the leg behind it.
# It stops at the first machine that is not ready, at the first refusal and at the first job that fails, and asks for
# nothing twice. Run it again when the reason is gone. With -WhatIf it sends nothing and prints what it would send.
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)][string] $Vault,
    [Parameter(Mandatory = $true)][ValidateSet('reprotect', 'failback', 'commit', 'reprotect-to-azure')][string] $Leg,
    [int] $PauseSeconds = 30,
    [int] $Looks = 3
)
Set-StrictMode -Version Latest
$ErrorActionPreference = 'Stop'
$Api = '2025-08-01'

# States of an item as provider/protectionState: those from which a leg can be asked, and those that have it behind.
$Legs = @{
@STATES@
}
$Now = $Legs[$Leg]

function Read-Arm([string] $Path) {
    $answer = Invoke-AzRestMethod -Method GET -Path $Path
    if ($answer.StatusCode -ne 200) { throw "GET $Path was answered with $($answer.StatusCode): $($answer.Content)" }
    return $answer.Content | ConvertFrom-Json
}

function Find-Item([string] $Machine) {
    $path = "$Vault/replicationProtectedItems?api-version=$Api"
    $found = @()
    while ($path) {
        $page = Read-Arm $path
        $found += @($page.value | Where-Object { $_.properties.friendlyName -eq $Machine })
        $next = $page.PSObject.Properties['nextLink']
        $path = if ($next -and $next.Value) { ([uri] $next.Value).PathAndQuery } else { $null }
    }
    if ($found.Count -ne 1) { throw "${Machine}: the vault has $($found.Count) replicated items of this name, not one" }
    return $found[0].id
}

function Read-Item([string] $Id) {
    $item = Read-Arm "${Id}?api-version=$Api"
    $job = $item.properties.currentScenario.scenarioName
    return @{
        State     = "$($item.properties.providerSpecificDetails.instanceType)/$($item.properties.protectionState)"
        Busy      = $job -and $job -ne 'None'
        Datastore = @($item.properties.providerSpecificDetails.PSObject.Properties['discoveredVmDetails'] |
                ForEach-Object { $_.Value.datastores })[0]
    }
}

function Find-Appliance([string] $Name, [string] $Part) {
    $boxes = @((Read-Arm "$Vault/replicationAppliances?api-version=$Api").value |
            ForEach-Object { $_.properties.providerSpecificDetails.appliances } | Where-Object { $_.name -eq $Name })
    if ($boxes.Count -ne 1) { throw "the vault has $($boxes.Count) replication appliances $Name, not one" }
    return $boxes[0].$Part.id
}

function New-Body($Row, [string] $Id, $Item) {
    $details = switch ($Leg) {
        'reprotect' {
            $account = $Row.'log storage account'
            if (-not $account.StartsWith('/')) {
                $group = $Id -replace '/providers/.*$', ''
                $account = "$group/providers/Microsoft.Storage/storageAccounts/$account"
            }
            $store = if ($Row.datastore) { $Row.datastore } else { $Item.Datastore }
            @{
                instanceType        = 'InMageRcm'
                reprotectAgentId    = Find-Appliance $Row.appliance 'reprotectAgent'
                datastoreName       = $store
                logStorageAccountId = $account
            }
        }
        'failback' { @{ instanceType = 'InMageRcmFailback'; recoveryPointType = $Row.'recovery point' } }
        'reprotect-to-azure' {
            $container = $Id -replace '/replicationProtectedItems/.*$', ''
            $mapped = @((Read-Arm "$container/replicationProtectionContainerMappings?api-version=$Api").value |
                    Where-Object { $_.properties.providerSpecificDetails.instanceType -eq 'InMageRcm' })
            if (-not $mapped) { throw "no replication policy to Azure is mapped to the item's container" }
            @{
                instanceType    = 'InMageRcmFailback'
                processServerId = Find-Appliance $Row.appliance 'processServer'
                policyId        = $mapped[0].properties.policyId
            }
        }
        'commit' { $null }
    }
    if ($null -eq $details) { return $null }
    $properties = @{ providerSpecificDetails = $details }
    if ($Leg -eq 'reprotect') { $properties.failoverDirection = 'RecoveryToPrimary' }
    return @{ properties = $properties } | ConvertTo-Json -Depth 10
}

function Send-Request([string] $Path, $Body) {
    $asked = @{ Method = 'POST'; Path = $Path }
    if ($Body) { $asked.Payload = $Body }
    $answer = Invoke-AzRestMethod @asked
    if ($answer.StatusCode -notin 200, 202, 204) { throw "POST $Path was refused with $($answer.StatusCode): $($answer.Content)" }
}

function Wait-Item([string] $Machine, [string] $Id) {
    $seen = 0
    while ($seen -lt $Looks) {
        Start-Sleep -Seconds $PauseSeconds
        $item = Read-Item $Id
        if ($item.Busy) { $seen = 0 }
        elseif ($item.State -in $Now.Behind) { return $item.State }
        else { $seen += 1 }
    }
    throw "${Machine}: $Leg was asked for and accepted, but the state is $($item.State) and no job runs; look at its jobs"
}

$rows = @(Import-Csv -Path (Join-Path $PSScriptRoot '@FILE@.csv') | Where-Object { $_.leg -eq $Leg })
if (-not $rows) { throw "@FILE@.csv has no machine for $Leg" }
foreach ($row in $rows) {
    $id = Find-Item $row.machine
    $item = Read-Item $id
    if ($item.State -in $Now.Behind) { Write-Output "$($row.machine): $Leg is done ($($item.State))"; continue }
    if ($item.Busy) { throw "$($row.machine): a job runs on it; wait until it ends" }
    if ($item.State -notin $Now.Ready) { throw "$($row.machine): not ready for $Leg; its state is $($item.State)" }
    $body = New-Body $row $id $item
    Write-Output "$($row.machine): POST $id/$($Now.Action) $body"
    if ($PSCmdlet.ShouldProcess($row.machine, $Leg)) {
        Send-Request "$id/$($Now.Action)?api-version=$Api" $body
        Write-Output "$($row.machine): $Leg is done ($(Wait-Item $row.machine $id))"
    }
}
