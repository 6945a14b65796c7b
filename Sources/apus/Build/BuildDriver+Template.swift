import FunctionBuild
import Inspection
import SAMTemplate

extension BuildDriver {
    /// By the function's build method.
    init(_ function: TemplateFunction) {
        switch BuildMethod(name: function.build.method) {
        case .rust: self = .rust
        case .makefile: self = .makefile
        case .unspecified, .copy, .unsupported: self = .unknown
        }
    }
}
