//! How C2SP `tlog-tiles` names tiles.

use std::fmt;

/// How many hashes a full tile holds, and how many entries a full bundle.
pub const TILE_WIDTH: usize = 256;

/// Which tile: hashes of a level, or, without one, the entries themselves. Written `0/x001/234`, `entries/007.p/12`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TilePath {
    pub level: Option<u8>,
    pub index: u64,
    /// From 1 to 256.
    pub width: usize,
}

/// Not a tile's path as the protocol writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "a tile is named LEVEL/NUMBER or entries/NUMBER, the number in groups of three digits, with .p/WIDTH where it is not full"
)]
pub struct InvalidTilePath;

impl TilePath {
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.width == TILE_WIDTH
    }
}

impl fmt::Display for TilePath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "{level}")?,
            None => f.write_str("entries")?,
        }
        let mut groups = vec![self.index % 1000];
        let mut rest = self.index / 1000;
        while rest > 0 {
            groups.push(rest % 1000);
            rest /= 1000;
        }
        while let Some(group) = groups.pop() {
            f.write_str(if groups.is_empty() { "/" } else { "/x" })?;
            write!(f, "{group:03}")?;
        }
        if !self.is_full() {
            write!(f, ".p/{}", self.width)?;
        }
        Ok(())
    }
}

impl std::str::FromStr for TilePath {
    type Err = InvalidTilePath;

    fn from_str(given: &str) -> Result<Self, Self::Err> {
        let (level, rest) = given.split_once('/').ok_or(InvalidTilePath)?;
        let level = match level {
            "entries" => None,
            level => Some(level.parse::<u8>().map_err(|_| InvalidTilePath)?),
        };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().map_err(|_| InvalidTilePath)?),
            None => (rest, TILE_WIDTH),
        };
        let mut index = 0_u64;
        for group in number.split('/') {
            let digits: u64 = group.trim_start_matches('x').parse().map_err(|_| InvalidTilePath)?;
            index = index.checked_mul(1000).and_then(|i| i.checked_add(digits)).ok_or(InvalidTilePath)?;
        }
        let path = Self { level, index, width };
        // There is one way to write it.
        let is_possible = level.is_none_or(|l| l < 8) && (1..=TILE_WIDTH).contains(&width) && path.to_string() == given;
        if is_possible { Ok(path) } else { Err(InvalidTilePath) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_protocol() {
        let path = TilePath { level: Some(0), index: 1_234_067, width: 256 };
        assert_eq!(path.to_string(), "0/x001/x234/067");
        assert_eq!("0/x001/x234/067".parse(), Ok(path));
        let path = TilePath { level: None, index: 7, width: 12 };
        assert_eq!(path.to_string(), "entries/007.p/12");
        assert_eq!("entries/007.p/12".parse(), Ok(path));
        for odd in [
            "",
            "0",
            "0/7",
            "0/0007",
            "0/x000/007",
            "00/007",
            "9/007",
            "0/007.p/0",
            "0/007.p/256",
            "0/007.p/257",
            "0/007.p/+1",
            "0/-07",
            "0/007/",
        ] {
            assert_eq!(odd.parse::<TilePath>(), Err(InvalidTilePath), "{odd}");
        }
    }

    proptest::proptest! {
        #[test]
        fn whatever_is_given_is_a_path_or_refused(given in "\\PC{0,40}", level in 0_u8..8, index: u64, width in 1_usize..257) {
            if let Ok(path) = given.parse::<TilePath>() {
                proptest::prop_assert_eq!(path.to_string(), given);
            }
            let path = TilePath { level: Some(level), index, width };
            proptest::prop_assert_eq!(path.to_string().parse(), Ok(path));
        }
    }
}
