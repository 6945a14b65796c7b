import Testing

@testable import InvokeAPI

#if canImport(Darwin)
import Darwin
#elseif canImport(Glibc)
import Glibc
#endif

struct StateLocationTests {
    /// A directory `project` of its own, with links resolved.
    private func withDirectory(_ body: (String) -> Void) {
        var name = Array("/tmp/apus-place-XXXXXX".utf8CString)
        mkdtemp(&name)
        let path = String(decoding: name.dropLast().map(UInt8.init), as: UTF8.self)
        mkdir(path + "/project", 0o700)
        defer { _ = system("rm -rf '\(path)'") }
        body(path + "/project")
    }

    private func place(_ template: String, _ environment: [String: String] = ["HOME": "/home/bird"]) -> String? {
        StateLocation.path(template: template, environment: environment)
    }

    @Test func aDirectoryForEachTemplate() {
        withDirectory { project in
            let found = place(project + "/template.yaml")
            #expect(found?.hasPrefix("/home/bird/.local/state/apus/project-") == true)
            #expect(found == place(project + "/template.yaml"))
            #expect(found != place(project + "/other.yaml"))
        }
    }

    /// There need not be a template: functions can be created. Two directories without one are two projects.
    @Test func aTemplateThatIsNotThereIsInItsDirectory() {
        withDirectory { project in
            let before = place(project + "/template.yaml")
            _ = system("touch '\(project)/template.yaml'")
            #expect(place(project + "/template.yaml") == before)
            #expect(place("template.yaml") != nil)
            #expect(place("template.yaml") != before)
        }
    }

    @Test func theBuiltTemplateIsTheOneItWasBuiltFrom() {
        withDirectory { project in
            _ = system("mkdir -p '\(project)/.aws-sam/build' && touch '\(project)/.aws-sam/build/template.yaml'")
            #expect(place(project + "/.aws-sam/build/template.yaml") == place(project + "/template.yaml"))
        }
    }

    @Test func linksMakeNoDifference() {
        withDirectory { project in
            symlink(project, project + "-link")
            #expect(place(project + "-link/template.yaml") == place(project + "/template.yaml"))
        }
    }

    @Test func whereTheStateIs() {
        #expect(place("/a/t.yaml", ["XDG_STATE_HOME": "/state", "HOME": "/h"])?.hasPrefix("/state/apus/a-") == true)
        #expect(
            place("/a/t.yaml", ["XDG_STATE_HOME": "state", "HOME": "/h"])?.hasPrefix("/h/.local/state/apus/") == true
        )
        #expect(place("/a/t.yaml", [:]) == nil)
    }
}
