# The vSphere role that failback import needs, for PowerCLI. failback never ran these lines.
# System.Anonymous, System.Read and System.View are in every role. Global.Licenses shows the editions of hosts
# (inferred); without it, they are unknown.
$ids = 'System.Anonymous', 'System.Read', 'System.View', 'Global.Licenses'
$privileges = Get-VIPrivilege -Id $ids
New-VIRole -Name 'failback import' -Privilege $privileges
# At the root of vCenter, with propagation: hosts and datastores must be visible, not only the folder of the machines.
New-VIPermission -Entity (Get-Folder -NoRecursion) -Principal 'DOMAIN\account' -Role 'failback import' -Propagate:$true
