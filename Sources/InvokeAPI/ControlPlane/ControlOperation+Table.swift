extension ControlOperation {
    /// The operations that are served besides those that run functions, by their names.
    static let all: [String: ControlOperation] = [
        "CreateFunction": FunctionOperations.create,
        "GetFunction": FunctionOperations.get,
        "GetFunctionConfiguration": FunctionOperations.getConfiguration,
        "ListFunctions": FunctionOperations.list,
        "UpdateFunctionCode": FunctionOperations.updateCode,
        "UpdateFunctionConfiguration": FunctionOperations.updateConfiguration,
        "DeleteFunction": FunctionOperations.delete,

        "PublishVersion": VersionOperations.publish,
        "ListVersionsByFunction": VersionOperations.list,

        "CreateAlias": AliasOperations.create,
        "GetAlias": AliasOperations.get,
        "ListAliases": AliasOperations.list,
        "UpdateAlias": AliasOperations.update,
        "DeleteAlias": AliasOperations.delete,

        "GetAccountSettings": ConcurrencyOperations.accountSettings,
        "PutFunctionConcurrency": ConcurrencyOperations.put,
        "GetFunctionConcurrency": ConcurrencyOperations.get,
        "DeleteFunctionConcurrency": ConcurrencyOperations.delete,
        "PutProvisionedConcurrencyConfig": ProvisionedConcurrencyOperations.put,
        "GetProvisionedConcurrencyConfig": ProvisionedConcurrencyOperations.get,
        "ListProvisionedConcurrencyConfigs": ProvisionedConcurrencyOperations.list,
        "DeleteProvisionedConcurrencyConfig": ProvisionedConcurrencyOperations.delete,

        "PutFunctionEventInvokeConfig": EventInvokeOperations.put,
        "UpdateFunctionEventInvokeConfig": EventInvokeOperations.update,
        "GetFunctionEventInvokeConfig": EventInvokeOperations.get,
        "ListFunctionEventInvokeConfigs": EventInvokeOperations.list,
        "DeleteFunctionEventInvokeConfig": EventInvokeOperations.delete,

        "PublishLayerVersion": LayerOperations.publish,
        "GetLayerVersion": LayerOperations.get,
        "GetLayerVersionByArn": LayerOperations.getByARN,
        "ListLayers": LayerOperations.list,
        "ListLayerVersions": LayerOperations.listVersions,
        "DeleteLayerVersion": LayerOperations.delete,
        "AddLayerVersionPermission": LayerOperations.addPermission,
        "GetLayerVersionPolicy": LayerOperations.getPolicy,
        "RemoveLayerVersionPermission": LayerOperations.removePermission,

        "ListTags": TagOperations.list,
        "TagResource": TagOperations.add,
        "UntagResource": TagOperations.remove,

        "AddPermission": PermissionOperations.add,
        "GetPolicy": PermissionOperations.get,
        "RemovePermission": PermissionOperations.remove,

        "CreateFunctionUrlConfig": URLOperations.create,
        "GetFunctionUrlConfig": URLOperations.get,
        "ListFunctionUrlConfigs": URLOperations.list,
        "UpdateFunctionUrlConfig": URLOperations.update,
        "DeleteFunctionUrlConfig": URLOperations.delete,

        "PutFunctionRecursionConfig": ManagementOperations.putRecursion,
        "GetFunctionRecursionConfig": ManagementOperations.getRecursion,
        "PutRuntimeManagementConfig": ManagementOperations.putRuntime,
        "GetRuntimeManagementConfig": ManagementOperations.getRuntime,
    ]
}
