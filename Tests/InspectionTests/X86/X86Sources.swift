/// Programs in C with one function for AVX2, and what leads to it.
enum X86Sources {
    private static let kernels = """
        #include <stdio.h>
        #include <stdlib.h>
        #include <immintrin.h>
        #include <cpuid.h>
        static int a[800];
        __attribute__((noinline, target("avx2"))) int fast(const int *p, int n) {
            __m256i s = _mm256_setzero_si256();
            for (int i = 0; i + 8 <= n; i += 8) s = _mm256_add_epi32(s, _mm256_loadu_si256((void *)(p + i)));
            int t[8], r = 0;
            _mm256_storeu_si256((void *)t, s);
            for (int i = 0; i < 8; i++) r += t[i];
            return r;
        }
        __attribute__((noinline)) int slow(const int *p, int n) {
            int r = 0;
            for (int i = 0; i < n; i++) r += p[i];
            return r;
        }
        static unsigned leaf7(void) { unsigned a, b, c, d; __cpuid_count(7, 0, a, b, c, d); return b; }

        """

    private static func program(_ body: String) -> String { kernels + body + "\n" }

    // MARK: Behind a check

    static let builtin = program(
        """
        int main(void) {
            __builtin_cpu_init();
            printf("%d", __builtin_cpu_supports("avx2") ? fast(a, 800) : slow(a, 800));
        }
        """
    )

    static let constructor = program(
        """
        static int (*chosen)(const int *, int) = slow;
        __attribute__((constructor)) static void choose(void) {
            __builtin_cpu_init();
            if (__builtin_cpu_supports("avx2")) chosen = fast;
        }
        int main(void) { printf("%d", chosen(a, 800)); }
        """
    )

    static let cachedFlag = program(
        """
        static int has(void) {
            static int known = -1;
            if (known < 0) known = leaf7() & 32 ? 1 : 0;
            return known;
        }
        int main(void) { printf("%d", has() ? fast(a, 800) : slow(a, 800)); }
        """
    )

    static let level = program(
        """
        __attribute__((noinline)) static int level(void) {
            unsigned a, b, c, d;
            int level = 0;
            if (__get_cpuid(1, &a, &b, &c, &d) && c & (1 << 20)) level = 1;
            if (leaf7() & 32) level = 2;
            return level;
        }
        int main(void) {
            switch (level()) {
            case 2: return printf("%d", fast(a, 800)) < 0;
            case 1: return printf("%d", slow(a, 400)) < 0;
            default: return printf("%d", slow(a, 800)) < 0;
            }
        }
        """
    )

    static let table = program(
        """
        typedef int kernel(const int *, int);
        static kernel *const table[3] = {slow, slow, fast};
        static int level;
        __attribute__((constructor)) static void choose(void) { if (leaf7() & 32) level = 2; }
        int main(void) { printf("%d", table[level](a, 800)); }
        """
    )

    static let accessor = program(
        """
        struct cpu { int sse3, avx, avx2; };
        static struct cpu cpu;
        __attribute__((noinline)) void detect(struct cpu *cpu) {
            unsigned a, b, c, d;
            __cpuid(1, a, b, c, d);
            cpu->sse3 = c & 1;
            cpu->avx = c >> 28 & 1;
            cpu->avx2 = leaf7() >> 5 & 1;
        }
        __attribute__((noinline)) int has_avx2(const struct cpu *cpu) { return cpu->avx2; }
        int main(void) {
            detect(&cpu);
            printf("%d", has_avx2(&cpu) ? fast(a, 800) : slow(a, 800));
        }
        """
    )

    static let localStructure = program(
        """
        struct cpu { int sse3, avx2; };
        __attribute__((noinline)) void detect(struct cpu *cpu) {
            unsigned a, b, c, d;
            __cpuid(1, a, b, c, d);
            cpu->sse3 = c & 1;
            cpu->avx2 = leaf7() >> 5 & 1;
        }
        int main(void) {
            struct cpu cpu;
            detect(&cpu);
            printf("%d", cpu.avx2 ? fast(a, 800) : slow(a, 800));
        }
        """
    )

    static let flagSet = program(
        """
        static unsigned flags;
        static void detect(void) {
            unsigned a, b, c, d;
            __cpuid(1, a, b, c, d);
            if (c & 1) flags |= 1;
            if (leaf7() & 32) flags |= 4;
        }
        __attribute__((noinline)) static void choose(int (**f)(const int *, int), unsigned flags) {
            *f = slow;
            if (flags & 4) *f = fast;
        }
        int main(void) {
            int (*f)(const int *, int);
            detect();
            choose(&f, flags);
            printf("%d", f(a, 800));
        }
        """
    )

    static let xgetbv = program(
        """
        static int usable;
        static void detect(void) {
            unsigned a, b, c, d, low, high;
            if (!__get_cpuid(1, &a, &b, &c, &d) || !(c & (1 << 27))) return;
            __asm__ volatile("xgetbv" : "=a"(low), "=d"(high) : "c"(0));
            if ((low & 6) == 6 && leaf7() & 32) usable = 1;
        }
        int main(void) {
            detect();
            printf("%d", usable ? fast(a, 800) : slow(a, 800));
        }
        """
    )

    static let resolver = program(
        """
        typedef int kernel(const int *, int);
        static kernel *resolve(void) {
            __builtin_cpu_init();
            return __builtin_cpu_supports("avx2") ? fast : slow;
        }
        int best(const int *, int) __attribute__((ifunc("resolve")));
        int main(void) { printf("%d", best(a, 800)); }
        """
    )

    // MARK: Not behind one

    static let unguarded = program("int main(void) { printf(\"%d\", fast(a, 800)); }")

    static let pointerTable = program(
        """
        static int (*const table[2])(const int *, int) = {slow, fast};
        int main(int count, char **arguments) { printf("%d", table[count > 0](a, 800)); }
        """
    )

    static let asksAndPrints = program(
        """
        int main(void) {
            __builtin_cpu_init();
            if (!__builtin_cpu_supports("avx2")) puts("no AVX2 here");
            printf("%d", fast(a, 800));
        }
        """
    )

    static let asksAndExits = program(
        """
        int main(void) {
            __builtin_cpu_init();
            if (!__builtin_cpu_supports("avx2")) { fprintf(stderr, "needs AVX2"); exit(1); }
            printf("%d", fast(a, 800));
        }
        """
    )

    static let asksAndReturns = program(
        """
        int main(void) {
            __builtin_cpu_init();
            if (!__builtin_cpu_supports("avx2")) { fprintf(stderr, "needs AVX2"); return 1; }
            printf("%d", fast(a, 800));
            return 0;
        }
        """
    )

    // MARK: Not seen

    /// The flag lies in an object on the heap.
    static let heapFlag = program(
        """
        struct context { int has, size; };
        __attribute__((noinline)) int work(struct context *c) { return c->has ? fast(a, 800) : slow(a, 800); }
        int main(void) {
            struct context *c = malloc(sizeof *c);
            c->has = leaf7() >> 5 & 1;
            printf("%d", work(c));
        }
        """
    )

    static let int80 = """
        int main(void) {
            int result;
            __asm__ volatile("int $0x80" : "=a"(result) : "a"(20));
            return result < 0;
        }

        """

    static let rust = """
        use std::sync::atomic::{AtomicPtr, Ordering};
        type Kernel = unsafe fn(&[i32]) -> i32;
        #[target_feature(enable = "avx2")]
        unsafe fn fast(x: &[i32]) -> i32 { x.iter().sum() }
        unsafe fn slow(x: &[i32]) -> i32 { x.iter().sum() }
        unsafe fn first(x: &[i32]) -> i32 {
            let chosen: Kernel = if is_x86_feature_detected!("avx2") { fast } else { slow };
            CHOSEN.store(chosen as *mut (), Ordering::Relaxed);
            chosen(x)
        }
        static CHOSEN: AtomicPtr<()> = AtomicPtr::new(first as *mut ());
        fn main() {
            let x: Vec<i32> = (0..std::env::args().count() as i32 * 1000).collect();
            let chosen: Kernel = unsafe { std::mem::transmute(CHOSEN.load(Ordering::Relaxed)) };
            println!("{}", unsafe { chosen(&x) });
        }

        """
}
