import InspectionExercise

/// What libFuzzer calls for each input: a program, a library, or the first line of a script.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzELF(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    let bytes = Array(UnsafeBufferPointer(start: start, count: count))
    _ = InspectionExercise.read(bytes)
    return 0
}
