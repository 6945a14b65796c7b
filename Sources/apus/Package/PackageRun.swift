import CommandProcess
import FunctionBuild
import LambdaModel
import SAMTemplate

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// The work of `apus package`.
struct PackageRun {
    let command: PackageCommand
    let settings: CommandSettings

    /// - Returns: the signal that ended it, if one did; nothing has changed then.
    func run(until termination: Termination) async throws -> Int32? {
        let template = try settings.template(prefersBuilt: true)
        for warning in template.warnings { Console.note(warning.description) }
        // A template that was asked for is taken at its word.
        let isBuilt = try settings.isTemplateGiven || settings.templatePath(prefersBuilt: true).hasPrefix(".aws-sam/")
        let selection = try PackageSelection(template, names: command.functions, isBuilt: isBuilt)
        for (logicalID, reason) in selection.skipped { Console.note("\(logicalID): not packaged: \(reason)") }

        let output = settings.text(command.outputDir, "output_dir") ?? Self.defaultOutput
        let templateFile = settings.text(command.outputTemplateFile, "output_template_file")
        let packager = Packager(output: output, format: command.format)
        switch await package(selection.items, with: packager, templateFile, until: termination) {
        case .signal(let number): return number
        case .failed(let error): throw error
        case .packaged(let results):
            try finish(template, results, output: templateFile)
            return nil
        }
    }

    private static let defaultOutput = ".aws-sam/package"

    private enum Outcome: Sendable {
        case packaged([PackagedItem])
        case failed(ApusError)
        case signal(Int32)
    }

    private func package(
        _ items: [PackageItem],
        with packager: Packager,
        _ templateFile: String?,
        until termination: Termination
    ) async -> Outcome {
        await withTaskGroup(of: Outcome?.self) { group in
            group.addTask {
                do throws(ApusError) {
                    return .packaged(try packager.package(items, otherOutputs: templateFile.map { [$0] } ?? []))
                } catch {
                    return .failed(error)
                }
            }
            group.addTask { await termination.next().map { .signal($0) } }
            let first = await group.next() ?? nil
            group.cancelAll()
            await group.waitForAll()
            return first ?? .signal(SIGTERM)
        }
    }

    private func finish(_ template: SAMTemplate, _ results: [PackagedItem], output file: String?) throws(ApusError) {
        for result in results {
            Console.note("\(result.logicalID): \(result.path) (\(result.sizeText))")
            for warning in result.warnings { Console.warning("\(result.logicalID): \(warning)") }
        }
        let text = template.builtTemplateText(
            codeLocations: Dictionary(results.map { ($0.logicalID, $0.path) }) { first, _ in first },
            newDirectory: file.map(Self.directory) ?? ".",
            asJSON: settings.flag(command.useJson ? true : nil, "use_json") ?? false
        )
        if let file {
            try WholeFile.write(text, to: file)
            Console.note("Packaged \(results.count), template \(file)")
        } else if command.functions.isEmpty {
            Console.output(text)
        } else {
            for result in results { Console.output(result.path + "\n") }
        }
    }

    private static func directory(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}
