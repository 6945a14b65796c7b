#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#endif

/// Which files of a directory are not looked at: what tools and editors leave there, and what `.gitignore` names.
///
/// Source of the patterns' form: gitignore(5).
package struct IgnoreRules: Sendable {
    private struct Rule: Sendable {
        var pattern: String
        var isNegated: Bool
        var isForDirectories: Bool
        /// Holds for the whole path from the top, else for a name at any depth.
        var isAnchored: Bool
    }

    private var rules: [Rule] = []

    /// What build tools write, which would follow each build with another.
    private static let directories: Set<String> = [
        ".aws-sam", ".git", ".hg", ".svn", ".build", ".zig-cache", "zig-cache", "zig-out", "target", "node_modules",
        "__pycache__", ".idea", ".vscode", "cdk.out",
    ]

    /// - Parameter gitignore: the text of the directory's `.gitignore`.
    package init(gitignore: String = "") {
        for line in gitignore.split(whereSeparator: \.isNewline) {
            if let rule = Self.rule(String(line)) { rules.append(rule) }
        }
    }

    /// - Parameter path: from the directory, without a slash in front.
    package func ignores(_ path: String, isDirectory: Bool) -> Bool {
        let components = path.split(separator: "/")
        var prefix = ""
        for (index, component) in components.enumerated() {
            prefix += (prefix.isEmpty ? "" : "/") + component
            let isLast = index == components.count - 1
            if ignores(prefix, name: String(component), isDirectory: isDirectory || !isLast) { return true }
        }
        return false
    }

    private func ignores(_ path: String, name: String, isDirectory: Bool) -> Bool {
        if isDirectory ? Self.directories.contains(name) : Self.isOfAnEditor(name) { return true }
        var result = false
        for rule in rules where !rule.isForDirectories || isDirectory {
            // The last one that matches counts.
            if Self.matches(rule, path, name) { result = !rule.isNegated }
        }
        return result
    }

    /// Files that are there only while somebody writes.
    private static func isOfAnEditor(_ name: String) -> Bool {
        name.hasSuffix("~") || name.hasSuffix(".swp") || name.hasSuffix(".swx") || name.hasSuffix(".tmp")
            || name.hasPrefix(".#") || (name.hasPrefix("#") && name.hasSuffix("#")) || name == "4913"
            || name == ".DS_Store"
    }

    private static func rule(_ line: String) -> Rule? {
        var pattern = Substring(line)
        while pattern.hasSuffix(" "), !pattern.hasSuffix("\\ ") { pattern.removeLast() }
        guard !pattern.isEmpty, !pattern.hasPrefix("#") else { return nil }
        let isNegated = pattern.hasPrefix("!")
        if isNegated { pattern.removeFirst() }
        let isForDirectories = pattern.hasSuffix("/")
        if isForDirectories { pattern.removeLast() }
        let isAnchored = pattern.contains("/")
        if pattern.hasPrefix("/") { pattern.removeFirst() }
        guard !pattern.isEmpty else { return nil }
        return Rule(
            pattern: String(pattern),
            isNegated: isNegated,
            isForDirectories: isForDirectories,
            isAnchored: isAnchored
        )
    }

    private static func matches(_ rule: Rule, _ path: String, _ name: String) -> Bool {
        guard rule.isAnchored else { return fnmatch(rule.pattern, name, 0) == 0 }
        // A pattern with ** crosses directories, which fnmatch does where a slash is a character like others.
        if rule.pattern.contains("**") {
            let pattern = rule.pattern.replacing("**/", with: "*").replacing("**", with: "*")
            return fnmatch(pattern, path, 0) == 0
        }
        return fnmatch(rule.pattern, path, FNM_PATHNAME) == 0
    }

}
