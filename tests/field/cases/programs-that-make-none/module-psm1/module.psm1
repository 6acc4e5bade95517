Export-ModuleMember 'New-EC2IBInfrastructureConfiguration', 'Get-EC2IBInfrastructureConfiguration'
<#
New-EC2IBInfrastructureConfiguration -Name x
#>
Get-EC2IBInfrastructureConfiguration -Arn $a
