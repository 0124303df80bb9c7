//! CRC-64/ECMA-182 as COS computes it (reflected, inverted): the value of `x-cos-hash-crc64ecma`.

const TABLE: [u64; 256] = {
    const POLYNOMIAL: u64 = 0xc96c_5795_d787_0f42;
    let mut table = [0; 256];
    let mut at = 0;
    while at < 256 {
        let (mut value, mut bit) = (at as u64, 0);
        while bit < 8 {
            value = if value & 1 == 1 { (value >> 1) ^ POLYNOMIAL } else { value >> 1 };
            bit += 1;
        }
        table[at] = value;
        at += 1;
    }
    table
};

/// The checksum of `bytes` after what `before` is the checksum of.
pub(super) fn crc64(before: u64, bytes: &[u8]) -> u64 {
    !bytes.iter().fold(!before, |crc, byte| TABLE[((crc ^ u64::from(*byte)) & 0xff) as usize] ^ (crc >> 8))
}

#[cfg(test)]
mod tests {
    use super::crc64;

    #[test]
    fn the_check_value_of_the_standard_is_met() {
        assert_eq!(crc64(0, b"123456789"), 0x995d_c9bb_df19_39fa);
        assert_eq!(crc64(crc64(0, b"12345"), b"6789"), crc64(0, b"123456789"));
    }
}
