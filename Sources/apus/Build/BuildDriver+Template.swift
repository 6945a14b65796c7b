import FunctionBuild
import Inspection
import LambdaModel
import SAMTemplate

extension BuildDriver {
    /// By the function's build method, which its sources tell where the template does not.
    init(_ function: TemplateFunction) {
        var method = BuildMethod(name: function.build.method)
        if let code = function.code, case .directory(let path) = code {
            method = method.resolved(forSourcesIn: path)
        }
        self = method.isCompiledByApus ? .apus : method == .makefile ? .makefile : .unknown
    }
}
