import Glibc
import InspectionExercise

/// In memory, where there is such a place; of this process alone, since libFuzzer runs several.
private let directory: String = {
    let path = (access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp") + "/apus-fuzz-\(getpid())"
    mkdir(path, 0o700)
    return path
}()

/// What libFuzzer calls for each input: an archive, listed and unpacked.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzZip(_ start: UnsafePointer<UInt8>?, _ count: Int) -> Int32 {
    _ = InspectionExercise.unpack(Array(UnsafeBufferPointer(start: start, count: count)), in: directory)
    return 0
}
