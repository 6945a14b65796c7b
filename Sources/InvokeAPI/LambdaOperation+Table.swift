import NIOHTTP1

extension LambdaOperation {
    /// Every operation of the AWS Lambda API, in the order of its paths. Those that Apus does not serve are here as well, so
    /// that it can name what is missing.
    ///
    /// Source: AWS Lambda API reference, "Actions"; the methods and paths as the AWS SDKs send them (2026-11).
    static let all: [LambdaOperation] = [
        .init(.POST, "/2014-11-13/functions/{FunctionName}/invoke-async", "InvokeAsync"),
        .init(.GET, "/2015-03-31/event-source-mappings", "ListEventSourceMappings"),
        .init(.POST, "/2015-03-31/event-source-mappings", "CreateEventSourceMapping"),
        .init(.DELETE, "/2015-03-31/event-source-mappings/{UUID}", "DeleteEventSourceMapping"),
        .init(.GET, "/2015-03-31/event-source-mappings/{UUID}", "GetEventSourceMapping"),
        .init(.PUT, "/2015-03-31/event-source-mappings/{UUID}", "UpdateEventSourceMapping"),
        .init(.GET, "/2015-03-31/functions", "ListFunctions"),
        .init(.POST, "/2015-03-31/functions", "CreateFunction"),
        .init(.DELETE, "/2015-03-31/functions/{FunctionName}", "DeleteFunction"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}", "GetFunction"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}/aliases", "ListAliases"),
        .init(.POST, "/2015-03-31/functions/{FunctionName}/aliases", "CreateAlias"),
        .init(.DELETE, "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "DeleteAlias"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "GetAlias"),
        .init(.PUT, "/2015-03-31/functions/{FunctionName}/aliases/{Name}", "UpdateAlias"),
        .init(.PUT, "/2015-03-31/functions/{FunctionName}/code", "UpdateFunctionCode"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}/configuration", "GetFunctionConfiguration"),
        .init(.PUT, "/2015-03-31/functions/{FunctionName}/configuration", "UpdateFunctionConfiguration"),
        .init(.POST, "/2015-03-31/functions/{FunctionName}/invocations", "Invoke"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}/policy", "GetPolicy"),
        .init(.POST, "/2015-03-31/functions/{FunctionName}/policy", "AddPermission"),
        .init(.DELETE, "/2015-03-31/functions/{FunctionName}/policy/{StatementId}", "RemovePermission"),
        .init(.GET, "/2015-03-31/functions/{FunctionName}/versions", "ListVersionsByFunction"),
        .init(.POST, "/2015-03-31/functions/{FunctionName}/versions", "PublishVersion"),
        .init(.GET, "/2016-08-19/account-settings", "GetAccountSettings"),
        .init(.DELETE, "/2017-03-31/tags/{Resource}", "UntagResource"),
        .init(.GET, "/2017-03-31/tags/{Resource}", "ListTags"),
        .init(.POST, "/2017-03-31/tags/{Resource}", "TagResource"),
        .init(.DELETE, "/2017-10-31/functions/{FunctionName}/concurrency", "DeleteFunctionConcurrency"),
        .init(.PUT, "/2017-10-31/functions/{FunctionName}/concurrency", "PutFunctionConcurrency"),
        .init(.GET, "/2018-10-31/layers", "ListLayers"),
        .init(.GET, "/2018-10-31/layers/{LayerName}/versions", "ListLayerVersions"),
        .init(.POST, "/2018-10-31/layers/{LayerName}/versions", "PublishLayerVersion"),
        .init(.DELETE, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", "DeleteLayerVersion"),
        .init(.GET, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}", "GetLayerVersion"),
        .init(.GET, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy", "GetLayerVersionPolicy"),
        .init(.POST, "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy", "AddLayerVersionPermission"),
        .init(
            .DELETE,
            "/2018-10-31/layers/{LayerName}/versions/{VersionNumber}/policy/{StatementId}",
            "RemoveLayerVersionPermission"
        ),
        .init(.GET, "/2018-10-31/layers", query: "find=LayerVersion", "GetLayerVersionByArn"),
        .init(.DELETE, "/2019-09-25/functions/{FunctionName}/event-invoke-config", "DeleteFunctionEventInvokeConfig"),
        .init(.GET, "/2019-09-25/functions/{FunctionName}/event-invoke-config", "GetFunctionEventInvokeConfig"),
        .init(.POST, "/2019-09-25/functions/{FunctionName}/event-invoke-config", "UpdateFunctionEventInvokeConfig"),
        .init(.PUT, "/2019-09-25/functions/{FunctionName}/event-invoke-config", "PutFunctionEventInvokeConfig"),
        .init(.GET, "/2019-09-25/functions/{FunctionName}/event-invoke-config/list", "ListFunctionEventInvokeConfigs"),
        .init(.GET, "/2019-09-30/functions/{FunctionName}/concurrency", "GetFunctionConcurrency"),
        .init(
            .DELETE,
            "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
            "DeleteProvisionedConcurrencyConfig"
        ),
        .init(.GET, "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "GetProvisionedConcurrencyConfig"),
        .init(.PUT, "/2019-09-30/functions/{FunctionName}/provisioned-concurrency", "PutProvisionedConcurrencyConfig"),
        .init(
            .GET,
            "/2019-09-30/functions/{FunctionName}/provisioned-concurrency",
            query: "List=ALL",
            "ListProvisionedConcurrencyConfigs"
        ),
        .init(.GET, "/2020-04-22/code-signing-configs", "ListCodeSigningConfigs"),
        .init(.POST, "/2020-04-22/code-signing-configs", "CreateCodeSigningConfig"),
        .init(.DELETE, "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}", "DeleteCodeSigningConfig"),
        .init(.GET, "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}", "GetCodeSigningConfig"),
        .init(.PUT, "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}", "UpdateCodeSigningConfig"),
        .init(
            .GET,
            "/2020-04-22/code-signing-configs/{CodeSigningConfigArn}/functions",
            "ListFunctionsByCodeSigningConfig"
        ),
        .init(.DELETE, "/2020-06-30/functions/{FunctionName}/code-signing-config", "DeleteFunctionCodeSigningConfig"),
        .init(.GET, "/2020-06-30/functions/{FunctionName}/code-signing-config", "GetFunctionCodeSigningConfig"),
        .init(.PUT, "/2020-06-30/functions/{FunctionName}/code-signing-config", "PutFunctionCodeSigningConfig"),
        .init(.GET, "/2021-07-20/functions/{FunctionName}/runtime-management-config", "GetRuntimeManagementConfig"),
        .init(.PUT, "/2021-07-20/functions/{FunctionName}/runtime-management-config", "PutRuntimeManagementConfig"),
        .init(.DELETE, "/2021-10-31/functions/{FunctionName}/url", "DeleteFunctionUrlConfig"),
        .init(.GET, "/2021-10-31/functions/{FunctionName}/url", "GetFunctionUrlConfig"),
        .init(.POST, "/2021-10-31/functions/{FunctionName}/url", "CreateFunctionUrlConfig"),
        .init(.PUT, "/2021-10-31/functions/{FunctionName}/url", "UpdateFunctionUrlConfig"),
        .init(.GET, "/2021-10-31/functions/{FunctionName}/urls", "ListFunctionUrlConfigs"),
        .init(.POST, "/2021-11-15/functions/{FunctionName}/response-streaming-invocations", "InvokeWithResponseStream"),
        .init(.GET, "/2024-08-31/functions/{FunctionName}/recursion-config", "GetFunctionRecursionConfig"),
        .init(.PUT, "/2024-08-31/functions/{FunctionName}/recursion-config", "PutFunctionRecursionConfig"),
        .init(.GET, "/2025-11-30/capacity-providers", "ListCapacityProviders"),
        .init(.POST, "/2025-11-30/capacity-providers", "CreateCapacityProvider"),
        .init(.DELETE, "/2025-11-30/capacity-providers/{CapacityProviderName}", "DeleteCapacityProvider"),
        .init(.GET, "/2025-11-30/capacity-providers/{CapacityProviderName}", "GetCapacityProvider"),
        .init(.PUT, "/2025-11-30/capacity-providers/{CapacityProviderName}", "UpdateCapacityProvider"),
        .init(
            .GET,
            "/2025-11-30/capacity-providers/{CapacityProviderName}/function-versions",
            "ListFunctionVersionsByCapacityProvider"
        ),
        .init(.GET, "/2025-11-30/functions/{FunctionName}/function-scaling-config", "GetFunctionScalingConfig"),
        .init(.PUT, "/2025-11-30/functions/{FunctionName}/function-scaling-config", "PutFunctionScalingConfig"),
        .init(
            .POST,
            "/2025-12-01/durable-execution-callbacks/{CallbackId}/fail",
            "SendDurableExecutionCallbackFailure"
        ),
        .init(
            .POST,
            "/2025-12-01/durable-execution-callbacks/{CallbackId}/heartbeat",
            "SendDurableExecutionCallbackHeartbeat"
        ),
        .init(
            .POST,
            "/2025-12-01/durable-execution-callbacks/{CallbackId}/succeed",
            "SendDurableExecutionCallbackSuccess"
        ),
        .init(.DELETE, "/2025-12-01/durable-executions/{DurableExecutionArn}", "DeleteDurableExecution"),
        .init(.GET, "/2025-12-01/durable-executions/{DurableExecutionArn}", "GetDurableExecution"),
        .init(.POST, "/2025-12-01/durable-executions/{DurableExecutionArn}/checkpoint", "CheckpointDurableExecution"),
        .init(.GET, "/2025-12-01/durable-executions/{DurableExecutionArn}/history", "GetDurableExecutionHistory"),
        .init(.POST, "/2025-12-01/durable-executions/{DurableExecutionArn}/pause", "PauseDurableExecution"),
        .init(.POST, "/2025-12-01/durable-executions/{DurableExecutionArn}/resume", "ResumeDurableExecution"),
        .init(.GET, "/2025-12-01/durable-executions/{DurableExecutionArn}/state", "GetDurableExecutionState"),
        .init(.POST, "/2025-12-01/durable-executions/{DurableExecutionArn}/stop", "StopDurableExecution"),
        .init(.GET, "/2025-12-01/functions/{FunctionName}/durable-executions", "ListDurableExecutionsByFunction"),
        .init(.DELETE, "/2026-07-09/resource-policy/{ResourceArn}", "DeleteResourcePolicy"),
        .init(.GET, "/2026-07-09/resource-policy/{ResourceArn}", "GetResourcePolicy"),
        .init(.PUT, "/2026-07-09/resource-policy/{ResourceArn}", "PutResourcePolicy"),
    ]
}
