import Inspection
import LambdaModel
import SAMTemplate

extension SelectedFunction {
    /// A function of a template; throws its obstacle when Apus cannot run it.
    init(_ function: TemplateFunction) throws(ApusError) {
        if let obstacle = function.obstacle { throw obstacle }
        guard function.code != nil || function.image != nil else {
            throw ApusError("code.missing", "\(function.logicalID) has no code on this machine")
        }
        configuration = function.configuration
        code = function.code
        image = function.image
        layers = function.layers.compactMap(\.content)
        build = BuildDriver(function)
    }
}
