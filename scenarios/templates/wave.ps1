# Wave @WAVE@ of plan @PLAN@, one leg at a time, with Az PowerShell. Made by `failback runbook --script ps1`.
# This script was never run: CI checks its grammar only. Read it before you run it, and begin with -WhatIf.
#
#   Connect-AzAccount
#   .\@FILE@.ps1 -Vault /subscriptions/S/resourceGroups/G/providers/Microsoft.RecoveryServices/vaults/V -Leg reprotect -WhatIf
#
# Legs, in this order: commit-failover, reprotect, failback, commit, reprotect-to-azure. The first is for machines
# whose failover to Azure is not committed yet. Machines and values are in @FILE@.csv.
# Before each request the script reads the state of the machine again. It skips a machine that has the leg behind it.
# It stops at the first machine that is not ready, at the first refusal and at the first job that fails, and asks for
# nothing twice. It sends nothing in a freeze window of the plan. Run it again when the reason is gone.
# With -WhatIf it sends nothing and prints what it would send.
[CmdletBinding(SupportsShouldProcess = $true)]
param(
    [Parameter(Mandatory = $true)][string] $Vault,
    [Parameter(Mandatory = $true)][ValidateSet('commit-failover', 'reprotect', 'failback', 'commit', 'reprotect-to-azure')][string] $Leg,
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

# Freeze windows of the plan, in seconds since 1970: nothing is sent in them, by the clock of this computer.
$Freezes = @(
@FREEZES@
)

function Assert-NotFrozen {
    $time = [DateTimeOffset]::UtcNow.ToUnixTimeSeconds()
    foreach ($freeze in $Freezes) {
        if ($time -ge $freeze.From -and $time -lt $freeze.Until) { throw "$($freeze.Words); nothing is sent before it ends" }
    }
}

function Read-Arm([string] $Path) {
    $answer = Invoke-AzRestMethod -Method GET -Path $Path
    if ($answer.StatusCode -ne 200) { throw "GET $Path was answered with $($answer.StatusCode): $($answer.Content)" }
    return $answer.Content | ConvertFrom-Json
}

function Find-One([string] $Collection, [string] $Name, [string] $What) {
    $path = "$Vault/${Collection}?api-version=$Api"
    $found = @()
    while ($path) {
        $page = Read-Arm $path
        $found += @($page.value | Where-Object { $_.properties.friendlyName -eq $Name })
        $next = $page.PSObject.Properties['nextLink']
        $path = if ($next -and $next.Value) { ([uri] $next.Value).PathAndQuery } else { $null }
    }
    if ($found.Count -ne 1) { throw "${Name}: the vault has $($found.Count) $What of this name, not one" }
    return $found[0].id
}

function Test-Busy($Resource) {
    $job = $Resource.properties.currentScenario.scenarioName
    return [bool]($job -and $job -ne 'None')
}

function Read-Item([string] $Id) {
    $item = Read-Arm "${Id}?api-version=$Api"
    $details = $item.properties.providerSpecificDetails
    return @{
        Provider  = $details.instanceType
        State     = "$($details.instanceType)/$($item.properties.protectionState)"
        Busy      = Test-Busy $item
        Datastore = @($details.PSObject.Properties['discoveredVmDetails'] | ForEach-Object { $_.Value.datastores })[0]
    }
}

function Find-Appliance([string] $Name, [string] $Part) {
    $boxes = @((Read-Arm "$Vault/replicationAppliances?api-version=$Api").value |
            ForEach-Object { $_.properties.providerSpecificDetails.appliances } | Where-Object { $_.name -eq $Name })
    if ($boxes.Count -ne 1) { throw "the vault has $($boxes.Count) replication appliances $Name, not one" }
    return $boxes[0].$Part.id
}

function Find-OfServer([string] $Id, [string] $List, [string] $Key, [string] $Name, [string] $Value) {
    $fabric = $Id -replace '/replicationProtectionContainers/.*$', ''
    $listed = @((Read-Arm "${fabric}?api-version=$Api").properties.customDetails.$List | Where-Object { $_.$Key -eq $Name })
    if ($listed.Count -ne 1) { throw "the configuration server lists $($listed.Count) $Name under $List, not one" }
    return $listed[0].$Value
}

function Find-Policy([string] $Id, [string] $Provider, [bool] $LeadsHome) {
    $container = $Id -replace '/replicationProtectedItems/.*$', ''
    $mapped = @((Read-Arm "$container/replicationProtectionContainerMappings?api-version=$Api").value | Where-Object {
            if ($Provider -like 'InMageRcm*') { $_.properties.providerSpecificDetails.instanceType -eq 'InMageRcm' }
            else { ($_.properties.targetProtectionContainerId -eq $container) -eq $LeadsHome }
        })
    if (-not $mapped) { throw "no replication policy for $Leg is mapped to the item's container" }
    return $mapped[0].properties.policyId
}

function Get-Storage([string] $Account, [string] $Id) {
    if (-not $Account -or $Account.StartsWith('/')) { return $Account }
    return "$($Id -replace '/providers/.*$', '')/providers/Microsoft.Storage/storageAccounts/$Account"
}

function New-Details($Row, [string] $Id, $Item) {
    switch ("$Leg/$($Item.Provider)") {
        'reprotect/InMageRcm' {
            @{
                instanceType        = 'InMageRcm'
                reprotectAgentId    = Find-Appliance $Row.appliance 'reprotectAgent'
                datastoreName       = if ($Row.datastore) { $Row.datastore } else { $Item.Datastore }
                logStorageAccountId = Get-Storage $Row.'log storage account' $Id
            }
        }
        'reprotect/InMageAzureV2' {
            @{
                instanceType       = 'InMage'
                masterTargetId     = Find-OfServer $Id 'masterTargetServers' 'name' $Row.'master target' 'id'
                processServerId    = Find-OfServer $Id 'processServers' 'friendlyName' $Row.'process server' 'id'
                retentionDrive     = $Row.'retention drive'
                runAsAccountId     = if ($Row.account) { Find-OfServer $Id 'runAsAccounts' 'accountName' $Row.account 'accountId' }
                datastoreName      = $Row.datastore
                diskExclusionInput = @{
                    volumeOptions = @(@{ volumeLabel = 'Temporary Storage'; onlyExcludeIfSingleVolume = 'Yes' })
                }
                profileId          = Find-Policy $Id $Item.Provider $true
            }
        }
        'failback/InMageRcmFailback' { @{ instanceType = $Item.Provider; recoveryPointType = $Row.'recovery point' } }
        'failback/InMage' { @{ instanceType = $Item.Provider; recoveryPointType = $Row.'recovery point' } }
        'reprotect-to-azure/InMageRcmFailback' {
            @{
                instanceType    = 'InMageRcmFailback'
                processServerId = Find-Appliance $Row.appliance 'processServer'
                policyId        = Find-Policy $Id $Item.Provider $false
            }
        }
        'reprotect-to-azure/InMage' {
            $server = Find-OfServer $Id 'processServers' 'friendlyName' $Row.'process server' 'id'
            @{
                instanceType        = 'InMageAzureV2'
                masterTargetId      = $server
                processServerId     = $server
                runAsAccountId      = if ($Row.account) { Find-OfServer $Id 'runAsAccounts' 'accountName' $Row.account 'accountId' }
                policyId            = Find-Policy $Id $Item.Provider $false
                logStorageAccountId = Get-Storage $Row.'log storage account' $Id
            }
        }
    }
}

function New-Body($Details, $Row, [string] $Direction) {
    $properties = @{ providerSpecificDetails = $Details }
    if ($Direction) { $properties.failoverDirection = $Direction }
    if ($Row.'shut down') { $properties.sourceSiteOperations = $Row.'shut down' }
    return @{ properties = $properties } | ConvertTo-Json -Depth 10
}

function New-ItemBody($Row, [string] $Id, $Item) {
    $details = New-Details $Row $Id $Item
    if ($null -eq $details) { return $null }
    foreach ($key in @($details.Keys | Where-Object { -not $details[$_] })) { $details.Remove($key) }
    $direction = switch ("$Leg/$($Item.Provider)") {
        'failback/InMage' { 'PrimaryToRecovery' }
        { $_ -in 'reprotect/InMageRcm', 'reprotect/InMageAzureV2', 'reprotect-to-azure/InMage' } { 'RecoveryToPrimary' }
    }
    return New-Body $details $Row $direction
}

function New-PlanBody($Row, $Item) {
    if ($Leg -ne 'failback') { return $null }
    $details = @{ instanceType = $Item.Provider; recoveryPointType = $Row.'recovery point' }
    $direction = if ($Item.Provider -like 'InMageRcm*') { 'RecoveryToPrimary' } else { 'PrimaryToRecovery' }
    return New-Body @($details) $Row $direction
}

function Send-Request([string] $Path, $Body) {
    $asked = @{ Method = 'POST'; Path = $Path }
    if ($Body) { $asked.Payload = $Body }
    $answer = Invoke-AzRestMethod @asked
    if ($answer.StatusCode -notin 200, 202, 204) { throw "POST $Path was refused with $($answer.StatusCode): $($answer.Content)" }
}

function Wait-Item([string] $Machine, [string] $Id, [string] $Plan) {
    $seen = 0
    while ($seen -lt $Looks) {
        Start-Sleep -Seconds $PauseSeconds
        $item = Read-Item $Id
        if ($item.Busy -or ($Plan -and (Test-Busy (Read-Arm "${Plan}?api-version=$Api")))) { $seen = 0 }
        elseif ($item.State -in $Now.Behind) { return $item.State }
        else { $seen += 1 }
    }
    throw "${Machine}: $Leg was asked for and accepted, but the state is $($item.State) and no job runs; look at its jobs"
}

function Get-Standing($Row) {
    if ($Row.PSObject.Properties.Value -contains 'TO-BE-CHOSEN') {
        throw "$($Row.machine): a value is to be chosen; write it into @FILE@.csv instead of TO-BE-CHOSEN"
    }
    $id = Find-One 'replicationProtectedItems' $Row.machine 'replicated items'
    $item = Read-Item $id
    $done = $item.State -in $Now.Behind
    if (-not $done -and $item.Busy) { throw "$($Row.machine): a job runs on it; wait until it ends" }
    if (-not $done -and $item.State -notin $Now.Ready) {
        throw "$($Row.machine): not ready for $Leg; its state is $($item.State)"
    }
    $action = if ($item.Provider -like 'InMageRcm*') { $Now.Modernised } else { $Now.Classic }
    return @{ Row = $Row; Id = $id; Item = $item; Done = $done; Action = $action }
}

$rows = @(Import-Csv -Path (Join-Path $PSScriptRoot '@FILE@.csv') | Where-Object { $_.leg -eq $Leg })
if (-not $rows) { throw "@FILE@.csv has no machine for $Leg" }
$asked = @()
foreach ($row in $rows) {
    if (-not $row.plan) {
        $one = Get-Standing $row
        if ($one.Done) { Write-Output "$($row.machine): $Leg is done ($($one.Item.State))"; continue }
        $body = New-ItemBody $row $one.Id $one.Item
        Write-Output "$($row.machine): POST $($one.Id)/$($one.Action) $body"
        if ($PSCmdlet.ShouldProcess($row.machine, $Leg)) {
            Assert-NotFrozen
            Send-Request "$($one.Id)/$($one.Action)?api-version=$Api" $body
            Write-Output "$($row.machine): $Leg is done ($(Wait-Item $row.machine $one.Id ''))"
        }
        continue
    }
    if ($row.plan -in $asked) { continue }
    $asked += $row.plan
    $all = @($rows | Where-Object { $_.plan -eq $row.plan } | ForEach-Object { Get-Standing $_ })
    $left = @($all | Where-Object { -not $_.Done })
    if (-not $left) { Write-Output "plan $($row.plan): $Leg is done"; continue }
    if ($left.Count -ne $all.Count) {
        throw "plan $($row.plan): $Leg is done for some of its machines and not for all; ask for the others one by one"
    }
    $plan = Find-One 'replicationRecoveryPlans' $row.plan 'recovery plans'
    if (Test-Busy (Read-Arm "${plan}?api-version=$Api")) { throw "plan $($row.plan): a job runs on it; wait until it ends" }
    $body = New-PlanBody $row $all[0].Item
    Write-Output "plan $($row.plan), for $($all.Row.machine -join ', '): POST $plan/$($all[0].Action) $body"
    if ($PSCmdlet.ShouldProcess($row.plan, $Leg)) {
        Assert-NotFrozen
        Send-Request "$plan/$($all[0].Action)?api-version=$Api" $body
        foreach ($one in $all) {
            Write-Output "$($one.Row.machine): $Leg is done ($(Wait-Item $one.Row.machine $one.Id $plan))"
        }
    }
}
