// What the toolchain's smallest program costs to start: the yardstick for `apus --help`.
print("hello")
