/// Programs in C and Go for the tests of the analysis, each with one way of using or asking for a feature.
enum ARM64Sources {
    static let atomics = """
        #include <stdio.h>
        long counter;
        int main(int count, char **names) {
            for (int i = 0; i < 10; i++) __atomic_fetch_add(&counter, count, __ATOMIC_SEQ_CST);
            printf("%ld\\n", counter);
        }
        """

    static let dotProduct = """
        #include <stdio.h>
        #include <arm_neon.h>
        int main(int count, char **names) {
            int32x4_t sum = vdotq_s32(vdupq_n_s32(0), vdupq_n_s8(count), vdupq_n_s8(2));
            printf("%d\\n", vgetq_lane_s32(sum, 0));
        }
        """

    static let matrix = """
        #include <stdio.h>
        #include <arm_neon.h>
        int main(int count, char **names) {
            int32x4_t sum = vmmlaq_s32(vdupq_n_s32(0), vdupq_n_s8(count), vdupq_n_s8(2));
            printf("%d\\n", vgetq_lane_s32(sum, 0));
        }
        """

    static let brainFloat = """
        #include <stdio.h>
        #include <arm_neon.h>
        int main(int count, char **names) {
            bfloat16x8_t value = vdupq_n_bf16(vcvth_bf16_f32(count));
            printf("%f\\n", vgetq_lane_f32(vbfdotq_f32(vdupq_n_f32(0), value, value), 0));
        }
        """

    static let eor3 = """
        #include <stdio.h>
        #include <arm_neon.h>
        int main(int count, char **names) {
            uint8x16_t mixed = veor3q_u8(vdupq_n_u8(count), vld1q_u8((void *)names[0]), vdupq_n_u8(count * 7));
            printf("%d\\n", vgetq_lane_u8(mixed, 0));
        }
        """

    static let loop = """
        #include <stdio.h>
        int a[1000], b[1000];
        int main(int count, char **names) {
            for (int i = 0; i < 1000; i++) a[i] = i * count;
            for (int i = 0; i < 1000; i++) b[i] += a[i] * 3;
            printf("%d\\n", b[count]);
        }
        """

    static let asksInVain = """
        #include <stdio.h>
        #include <sys/auxv.h>
        #include <arm_neon.h>
        int main(int count, char **names) {
            if (getauxval(AT_HWCAP) & (1 << 17)) puts("this CPU has SHA3");
            uint8x16_t mixed = veor3q_u8(vdupq_n_u8(count), vld1q_u8((void *)names[0]), vdupq_n_u8(count * 7));
            printf("%d\\n", vgetq_lane_u8(mixed, 0));
        }
        """

    private static let functions = """
        #include <stdio.h>
        #include <sys/auxv.h>
        #include <arm_neon.h>
        __attribute__((target("arch=armv8.4-a+sha3"), noinline)) int fast(int n) {
            uint8x16_t mixed = veor3q_u8(vdupq_n_u8(n), vdupq_n_u8(n + 1), vdupq_n_u8(n * 7));
            return vgetq_lane_u8(mixed, 0);
        }
        __attribute__((noinline)) int slow(int n) { return (n ^ (n + 1) ^ (n * 7)) & 255; }

        """

    static let branch =
        functions + """
            int main(int count, char **names) {
                printf("%d\\n", getauxval(AT_HWCAP) & (1 << 17) ? fast(count) : slow(count));
            }
            """

    static let pointer =
        functions + """
            static int (*chosen)(int);
            __attribute__((constructor)) static void choose(void) {
                chosen = getauxval(AT_HWCAP) & (1 << 17) ? fast : slow;
            }
            int main(int count, char **names) { printf("%d\\n", chosen(count)); }
            """

    static let flag =
        functions + """
            static int hasSHA3;
            __attribute__((constructor)) static void ask(void) {
                if (getauxval(AT_HWCAP) & (1 << 17)) hasSHA3 = 1;
            }
            __attribute__((noinline)) static int mix(int n) {
                if (hasSHA3) return fast(n);
                return slow(n);
            }
            int main(int count, char **names) { printf("%d\\n", mix(count)); }
            """

    static let ifunc =
        functions + """
            static int (*choose(unsigned long hwcap))(int) { return hwcap & (1 << 17) ? fast : slow; }
            int mix(int n) __attribute__((ifunc("choose")));
            int main(int count, char **names) { printf("%d\\n", mix(count)); }
            """

    static let answer =
        functions + """
            static unsigned long words[2];
            __attribute__((noinline)) static int has(int bit) {
                if (!words[0]) words[0] = getauxval(AT_HWCAP);
                return words[0] >> bit & 1;
            }
            int main(int count, char **names) {
                int sum = 0;
                for (int i = 0; i < count; i++) sum += has(17) ? fast(i) : slow(i);
                printf("%d\\n", sum);
            }
            """

    static let go = """
        package main

        import (
        \t"crypto/sha256"
        \t"fmt"
        \t"sync/atomic"
        )

        var counter int64

        func main() {
        \tatomic.AddInt64(&counter, 2)
        \tfmt.Println(counter, sha256.Sum256([]byte("x")))
        }
        """
}
