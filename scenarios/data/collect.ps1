# Saves the data of a vCenter that `failback import` reads, with PowerCLI: Get-View only, nothing is changed.
# Made by `failback import --collect ps1`. This script has never been run: only its syntax and its columns are tested.
#
#   Connect-VIServer vcenter.example
#   ./collect.ps1 -Folder vcenter-export [-Redact] [-Yes]
#   failback import vcenter-export --bandwidth 500
#
# Before it starts, it prints the rights that it needs. Then it counts the machines, prints how many requests it sends
# and how long they take, and asks whether to continue. With -Redact, names, addresses and ids become pseudonyms before
# anything is saved. Set $env:KEY to the same secret for this collector and for the one of the vault, so that both give
# a machine the same pseudonym; keep it to yourself.
# These files have no columns for types of SCSI controllers, whether a datastore is read-only, pending questions,
# autostart, editions of ESXi and privileges, so these facts are unknown. A live import and a folder of `govc
# object.save` contain most of them.
param(
  [Parameter(Mandatory = $true)] [string] $Folder,
  [switch] $Redact,
  [switch] $Yes
)
$ErrorActionPreference = 'Stop'

if (-not $env:KEY) { $env:KEY = [guid]::NewGuid().ToString('N') }
$hmac = New-Object System.Security.Cryptography.HMACSHA256
$hmac.Key = [System.Text.Encoding]::UTF8.GetBytes($env:KEY)

function Hide([string] $text) {
  if (-not $Redact -or -not $text) { return $text }
  $bytes = $hmac.ComputeHash([System.Text.Encoding]::UTF8.GetBytes($text.ToLowerInvariant()))
  $digest = -join ($bytes | ForEach-Object { $_.ToString('x2') })
  if ($text -match '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$') {
    return '{0}-{1}-{2}-{3}-{4}' -f $digest.Substring(0, 8), $digest.Substring(8, 4), $digest.Substring(12, 4),
      $digest.Substring(16, 4), $digest.Substring(20, 12)
  }
  if ($text -match '^\d+(\.\d+){3}$') { return '198.18.{0}.{1}' -f $bytes[0], $bytes[1] }
  return 'n' + $digest.Substring(0, 12)
}

function HidePath([string] $path) {
  if ($path -notmatch '^\[(.*)\] (.*)/([^/]*)$') { return Hide $path }
  $store, $folderOfIt, $file = $Matches[1], $Matches[2], $Matches[3]
  return '[{0}] {1}/{2}' -f (Hide $store), (Hide $folderOfIt), (Hide $file)
}

function SnapshotNames($trees) {
  foreach ($tree in $trees) {
    $tree.Name
    SnapshotNames $tree.ChildSnapshotList
  }
}

function Save([string] $sheet, [object[]] $rows, [string[]] $columns) {
  $file = Join-Path $Folder "$sheet.csv"
  if ($rows) { $rows | Select-Object $columns | Export-Csv $file -NoTypeInformation -Encoding UTF8 }
  else { Set-Content $file (($columns | ForEach-Object { '"' + $_ + '"' }) -join ',') -Encoding UTF8 }
}

$mib = 1048576
$server = $global:DefaultVIServer.Name
Write-Host ('Rights that it needs: Read-only at the root of vCenter, with propagation (or the role that ' +
  "'failback import --role vsphere' prints). It reads with Get-View only.")
Write-Host ('First: one Get-View that counts the machines. Then three that read hosts, datastores and machines: about ' +
  '10 requests, and about one minute for each 1,000 machines (estimated).')
$count = (Get-View -ViewType VirtualMachine -Property Name).Count
Write-Host "$count machines: about 10 requests that read, about $([math]::Ceiling($count / 1000)) minutes (estimated)."
if (-not $Yes -and (Read-Host 'Go on? [y/N]') -notmatch '^[yY]') { exit 1 }
New-Item -ItemType Directory -Force $Folder | Out-Null

$ofHosts = 'Name', 'Config.Product', 'Summary.Hardware', 'Summary.QuickStats'
$ofStores = 'Name', 'Host', 'Summary'
$hosts = Get-View -ViewType HostSystem -Property $ofHosts
$stores = Get-View -ViewType Datastore -Property $ofStores
$hostNames = @{}
foreach ($each in $hosts) { $hostNames[$each.MoRef.Value] = $each.Name }
$properties = 'Name', 'Runtime.PowerState', 'Runtime.Host', 'Runtime.ConnectionState', 'Snapshot', 'Config.Uuid',
  'Config.InstanceUuid', 'Config.Firmware', 'Config.ExtraConfig', 'Config.Hardware', 'Config.Template',
  'Config.ManagedBy', 'Config.Files', 'Config.GuestFullName', 'Guest.GuestFullName', 'Guest.HostName', 'Guest.Net',
  'Guest.ToolsStatus'
$machines = Get-View -ViewType VirtualMachine -Property $properties

$vInfo = @(); $vDisk = @(); $vSnapshot = @(); $vTools = @(); $vNetwork = @()
foreach ($vm in $machines) {
  $name, $id = (Hide $vm.Name), $vm.MoRef.Value
  $devices = $vm.Config.Hardware.Device
  $enabled = $vm.Config.ExtraConfig | Where-Object { $_.Key -eq 'disk.EnableUUID' -and $_.Value -match '^(true|1)$' }
  $vInfo += [pscustomobject]@{
    'VM' = $name; 'VM ID' = $id; 'VI SDK Server' = (Hide $server)
    'Powerstate' = $vm.Runtime.PowerState; 'Connection state' = $vm.Runtime.ConnectionState
    'Template' = $vm.Config.Template; 'SRM Placeholder' = ($vm.Config.ManagedBy.Type -eq 'placeholderVm')
    'CPUs' = $vm.Config.Hardware.NumCPU; 'Memory MiB' = $vm.Config.Hardware.MemoryMB
    'Firmware' = $vm.Config.Firmware; 'EnableUUID' = [bool] $enabled
    'Path' = (HidePath $vm.Config.Files.VmPathName); 'Host' = (Hide $hostNames[$vm.Runtime.Host.Value])
    'OS according to the configuration file' = $vm.Config.GuestFullName
    'OS according to the VMware Tools' = $vm.Guest.GuestFullName
    'DNS Name' = (Hide $vm.Guest.HostName)
    'SMBIOS UUID' = (Hide $vm.Config.Uuid); 'VM UUID' = (Hide $vm.Config.InstanceUuid)
  }
  $vTools += [pscustomobject]@{
    'VM' = $name; 'VM ID' = $id; 'VI SDK Server' = (Hide $server); 'Tools' = $vm.Guest.ToolsStatus
  }
  foreach ($taken in (SnapshotNames $vm.Snapshot.RootSnapshotList)) {
    $vSnapshot += [pscustomobject]@{
      'VM' = $name; 'VM ID' = $id; 'VI SDK Server' = (Hide $server); 'Name' = (Hide $taken)
    }
  }
  foreach ($disk in ($devices | Where-Object { $_ -is [VMware.Vim.VirtualDisk] })) {
    $controller = $devices | Where-Object { $_.Key -eq $disk.ControllerKey }
    $vDisk += [pscustomobject]@{
      'VM' = $name; 'VM ID' = $id; 'VI SDK Server' = (Hide $server)
      'Disk' = $disk.DeviceInfo.Label; 'Disk Key' = $disk.Key; 'Disk UUID' = (Hide $disk.Backing.Uuid)
      'Capacity MiB' = ($disk.CapacityInKB / 1024); 'Path' = (HidePath $disk.Backing.FileName)
      'Raw' = ($disk.Backing -is [VMware.Vim.VirtualDiskRawDiskMappingVer1BackingInfo])
      'Disk Mode' = $disk.Backing.DiskMode; 'Sharing mode' = $disk.Backing.Sharing
      'Controller' = $controller.DeviceInfo.Label; 'Shared Bus' = $controller.SharedBus
    }
  }
  foreach ($card in ($devices | Where-Object { $_ -is [VMware.Vim.VirtualEthernetCard] })) {
    $net = $vm.Guest.Net | Where-Object { $_.MacAddress -eq $card.MacAddress } | Select-Object -First 1
    $vNetwork += [pscustomobject]@{
      'VM' = $name; 'VM ID' = $id; 'VI SDK Server' = (Hide $server)
      'Adapter' = $card.DeviceInfo.Label; 'Mac Address' = (Hide $card.MacAddress)
      'Network' = (Hide ($(if ($net.Network) { $net.Network } else { $card.Backing.DeviceName })))
      'IPv4 Address' = (($net.IpAddress | Where-Object { $_ -match '\.' } | ForEach-Object { Hide $_ }) -join ', ')
      'IPv6 Address' = (($net.IpAddress | Where-Object { $_ -match ':' } | ForEach-Object { Hide $_ }) -join ', ')
    }
  }
}

$vHost = foreach ($each in $hosts) {
  $size = $each.Summary.Hardware.MemorySize / $mib
  [pscustomobject]@{
    'Host' = (Hide $each.Name); 'Object ID' = $each.MoRef.Value; '# Memory MiB' = [math]::Round($size)
    'Memory usage %' = [math]::Round(100 * $each.Summary.QuickStats.OverallMemoryUsage / $size, 1)
    'ESX Version' = "VMware ESXi $($each.Config.Product.Version) build-$($each.Config.Product.Build)"
  }
}
$vDatastore = foreach ($store in $stores) {
  $there = $store.Host | Where-Object { $_.MountInfo.Mounted -ne $false } | ForEach-Object { $hostNames[$_.Key.Value] }
  [pscustomobject]@{
    'Name' = (Hide $store.Name); 'Object ID' = $store.MoRef.Value; 'Type' = $store.Summary.Type
    'Capacity MiB' = [math]::Round($store.Summary.Capacity / $mib); 'Free MiB' = [math]::Round($store.Summary.FreeSpace / $mib)
    'Accessible' = $store.Summary.Accessible; 'Hosts' = (($there | ForEach-Object { Hide $_ }) -join ', ')
  }
}
$vMetaData = [pscustomobject]@{
  'Server' = (Hide $server); 'xlsx creation datetime' = (Get-Date -Format 'yyyy-MM-dd HH:mm:ss')
}

$machine = 'VM', 'VM ID', 'VI SDK Server'
Save 'vInfo' $vInfo ($machine + 'Powerstate', 'Connection state', 'Template', 'SRM Placeholder', 'CPUs', 'Memory MiB',
  'Firmware', 'EnableUUID', 'Path', 'Host', 'OS according to the configuration file', 'OS according to the VMware Tools',
  'DNS Name', 'SMBIOS UUID', 'VM UUID')
Save 'vDisk' $vDisk ($machine + 'Disk', 'Disk Key', 'Disk UUID', 'Capacity MiB', 'Path', 'Raw', 'Disk Mode',
  'Sharing mode', 'Controller', 'Shared Bus')
Save 'vSnapshot' $vSnapshot ($machine + 'Name')
Save 'vTools' $vTools ($machine + 'Tools')
Save 'vNetwork' $vNetwork ($machine + 'Adapter', 'Mac Address', 'Network', 'IPv4 Address', 'IPv6 Address')
Save 'vHost' $vHost ('Host', 'Object ID', '# Memory MiB', 'Memory usage %', 'ESX Version')
Save 'vDatastore' $vDatastore ('Name', 'Object ID', 'Type', 'Capacity MiB', 'Free MiB', 'Accessible', 'Hosts')
Save 'vMetaData' $vMetaData ('Server', 'xlsx creation datetime')
Write-Host "Saved in $Folder. Next: failback import $Folder --bandwidth MBIT"
