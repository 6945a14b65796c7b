import Testing

@testable import CommandProcess

struct ProgramPagesTests {
    @Test func codeOfTheProgramItselfIsFound() {
        let maps = """
            55d0c8e00000-55d0cb3e8000 r-xp 00000000 fe:00 131                        /usr/local/bin/apus
            55d0cb3e8000-55d0cb4ef000 r--p 025e7000 fe:00 131                        /usr/local/bin/apus
            55d0cb4ef000-55d0cd9ed000 rw-p 026ee000 fe:00 131                        /usr/local/bin/apus
            55d0cd9ed000-55d0ce000000 rw-p 00000000 00:00 0                          [heap]
            7f0000000000-7f0000001000 r-xp 00000000 fe:00 131                        /usr/local/bin/apus
            7f0000001000-7f0000002000 rwxp 00000000 fe:00 131                        /usr/local/bin/apus
            7f0000002000-7f0000003000 r-xp 00000000 fe:00 132                        /usr/local/bin/apus-launcher
            7ffd00000000-7ffd00001000 r-xp 00000000 00:00 0                          [vdso]
            """
        #expect(
            ProgramPages.codeRanges(ofFile: "/usr/local/bin/apus", in: maps)
                == [0x55d0_c8e0_0000..<0x55d0_cb3e_8000, 0x7f00_0000_0000..<0x7f00_0000_1000]
        )
    }

    @Test(arguments: ["", "\n", "x", "1-2 r-xp", "2-1 r-xp 0 0 0 a", "1-g r-xp 0 0 0 a", "1 r-xp 0 0 0 a"])
    func otherLinesAreNone(maps: String) {
        #expect(ProgramPages.codeRanges(ofFile: "a", in: maps) == [])
    }

    @Test func aPathMayHaveSpaces() {
        let ranges = ProgramPages.codeRanges(ofFile: "/my programs/apus", in: "1000-2000 r-xp 0 0 0  /my programs/apus")
        #expect(ranges == [0x1000..<0x2000])
    }

    /// What runs goes on running.
    @Test func thisProgramSurvives() {
        ProgramPages.release()
    }
}
