import Inspection
import LambdaModel

/// The function that a command line asks for, wherever it was described.
struct SelectedFunction {
    var configuration: FunctionConfiguration
    /// `nil`: an image.
    var code: FunctionCode?
    var image: FunctionImage?
    /// In the order of the template: the later wins.
    var layers: [FunctionCode]
    /// Who runs the compiler, as far as the template tells.
    var build = BuildDriver.unknown
}
