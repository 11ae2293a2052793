//! Durations as people write them in the configuration: a whole number and `s`, `m`, `h` or `d`.

use anyhow::{Result, bail};

/// Seconds.
pub fn parse(given: &str) -> Result<i64> {
    let (number, unit) = given.char_indices().next_back().map_or((given, ""), |(at, _)| given.split_at(at));
    let factor = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 60 * 60,
        "d" => 24 * 60 * 60,
        _ => 0,
    };
    match number.parse::<u32>() {
        Ok(n) if factor > 0 => Ok(i64::from(n) * factor),
        _ => bail!("'{given}' is not a duration: write a whole number and s, m, h or d, like \"14d\""),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn durations_have_a_number_and_a_unit() {
        assert_eq!(super::parse("14d").expect("valid"), 14 * 86400);
        assert_eq!(super::parse("0s").expect("valid"), 0);
        for bad in ["", "d", "-1s", "1.5h", "1w", "1é"] {
            assert!(std::panic::catch_unwind(|| super::parse(bad)).is_ok_and(|r| r.is_err()), "{bad}");
        }
    }
}
