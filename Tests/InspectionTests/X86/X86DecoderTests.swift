import LambdaModel
import Testing

@testable import Inspection

@Suite(.enabled(if: (try? X86Decoder()) != nil, "Zydis is not installed (Debian: libzydis4.0)"))
struct X86DecoderTests {
    struct Case: Sendable, CustomTestStringConvertible {
        var bytes: [UInt8]
        var text: String
        var feature: CPUFeature?
        var testDescription: String { text }
    }

    private static let cases: [Case] = [
        Case(bytes: [0xc4, 0xe2, 0x7d, 0x58, 0xc0], text: "vpbroadcastd ymm0, xmm0", feature: .avx2),
        Case(bytes: [0xc5, 0xfc, 0x28, 0xc1], text: "vmovaps ymm0, ymm1", feature: .avx),
        Case(bytes: [0xc4, 0xe2, 0xf1, 0x98, 0xc2], text: "vfmadd132pd xmm0, xmm1, xmm2", feature: .fma),
        Case(bytes: [0xf3, 0x0f, 0xb8, 0xc1], text: "popcnt eax, ecx", feature: .popcnt),
        Case(bytes: [0x66, 0x0f, 0x38, 0x00, 0xc1], text: "pshufb xmm0, xmm1", feature: .ssse3),
        Case(bytes: [0x66, 0x0f, 0x3a, 0x0b, 0xc1, 0x0a], text: "roundsd xmm0, xmm1, 0x0a", feature: .sse41),
        Case(bytes: [0x62, 0xf1, 0x7c, 0x48, 0x28, 0xc1], text: "vmovaps zmm0, zmm1", feature: .avx512f),
        Case(bytes: [0xf3, 0x0f, 0xbd, 0xc1], text: "lzcnt eax, ecx", feature: .lzcnt),
        // `rep bsf` for CPUs without it.
        Case(bytes: [0xf3, 0x0f, 0xbc, 0xc1], text: "tzcnt eax, ecx", feature: nil),
        Case(bytes: [0xf3, 0x0f, 0x1e, 0xfa], text: "endbr64", feature: nil),
        Case(bytes: [0x0f, 0x0d, 0x08], text: "prefetchw [rax]", feature: nil),
        Case(bytes: [0xf3, 0x90], text: "pause", feature: nil),
        Case(bytes: [0x0f, 0x01, 0xd0], text: "xgetbv", feature: .xsave),
        Case(bytes: [0x48, 0x89, 0xe5], text: "mov rbp, rsp", feature: nil),
    ]

    @Test(arguments: cases)
    func namesInstructionsAndTheirFeature(_ entry: Case) throws {
        let decoder = try X86Decoder()
        #expect(decoder.instructionText(bytes: entry.bytes) == entry.text)
        #expect(decoder.feature(bytes: entry.bytes) == entry.feature)
        #expect(decoder.length(bytes: entry.bytes) == entry.bytes.count)
    }

    @Test func tellsTrapsAndPrivilegedInstructions() throws {
        let decoder = try X86Decoder()
        #expect(decoder.isTrap(bytes: [0x0f, 0x0b]))
        #expect(decoder.isTrap(bytes: [0xcc]))
        #expect(!decoder.isTrap(bytes: [0xc3]))
        #expect(decoder.isInt80(bytes: [0xcd, 0x80]))
        #expect(!decoder.isInt80(bytes: [0xcd, 0x81]))
        #expect(decoder.isPrivileged(bytes: [0xf4]))
        #expect(!decoder.isPrivileged(bytes: [0x90]))
    }

    @Test(arguments: [[], [0x0f], [0xc4, 0xe2], [0x06], [UInt8](repeating: 0x66, count: 15)])
    func whatIsNoInstructionGivesNothing(_ bytes: [UInt8]) throws {
        let decoder = try X86Decoder()
        #expect(decoder.instructionText(bytes: bytes) == nil)
        #expect(decoder.feature(bytes: bytes) == nil)
        #expect(decoder.length(bytes: bytes) == nil)
    }
}
