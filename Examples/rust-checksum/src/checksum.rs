//! The work of the function: a loop that the compiler turns into vector instructions of the CPU it builds for.

/// The sum of the bytes, each weighted with its place (counted from 1), modulo 2^32: a swap of two bytes is seen, too.
///
/// Not inlined, so that a crash report can name it.
#[inline(never)]
pub fn checksum(data: &[u8]) -> u32 {
    let mut sum = 0u32;
    for (index, byte) in data.iter().enumerate() {
        sum = sum.wrapping_add(u32::from(*byte).wrapping_mul(index as u32 + 1));
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::checksum;

    #[test]
    fn weighs_each_byte_with_its_place() {
        assert_eq!(checksum(b""), 0);
        assert_eq!(checksum(&[1, 2, 3]), 1 + 2 * 2 + 3 * 3);
        assert_ne!(checksum(b"ab"), checksum(b"ba"));
        assert_eq!(checksum(&[1; 1000]), 500_500);
    }
}
