//! Lines out of a file, a pipe or a request: bounded, whatever is sent.

use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use ruzstd::decoding::{BlockDecodingStrategy, FrameDecoder};

use crate::ImportLimits;

/// Text that decompresses beyond this must not be more than so many times what was read.
const FREE_BYTES: u64 = 64 << 20;
const MAX_RATIO: u64 = 200;

/// Why reading stopped, with the column where that can be said.
#[derive(Debug, PartialEq, Eq)]
pub struct ReadError {
    pub column: Option<i64>,
    pub detail: String,
    /// The rest cannot be read either.
    pub is_final: bool,
}

/// The lines of a source, plain or compressed with gzip or Zstandard (told by its first bytes).
pub struct Lines {
    source: Box<dyn BufRead + Send>,
    limits: ImportLimits,
    /// Bytes that came in, before decompression.
    raw: Arc<AtomicU64>,
    is_compressed: bool,
    /// Bytes after decompression.
    total: u64,
    buffer: Vec<u8>,
}

struct Counted<R> {
    inner: R,
    count: Arc<AtomicU64>,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.count.fetch_add(n as u64, Ordering::Relaxed);
        Ok(n)
    }
}

/// All frames of a Zstandard file, one after the other, each checked against its checksum.
struct ZstdFrames {
    source: BufReader<Box<dyn Read + Send>>,
    decoder: Option<Box<FrameDecoder>>,
}

impl Read for ZstdFrames {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let broken = |e: String| io::Error::new(io::ErrorKind::InvalidData, e);
        loop {
            let Some(decoder) = &mut self.decoder else {
                if self.source.fill_buf()?.is_empty() {
                    return Ok(0);
                }
                let mut decoder = Box::new(FrameDecoder::new());
                decoder.init(&mut self.source).map_err(|e| broken(e.to_string()))?;
                self.decoder = Some(decoder);
                continue;
            };
            if decoder.can_collect() == 0 && !decoder.is_finished() {
                decoder
                    .decode_blocks(&mut self.source, BlockDecodingStrategy::UptoBlocks(1))
                    .map_err(|_| io::Error::from(io::ErrorKind::UnexpectedEof))?;
            }
            let n = decoder.read(buffer)?;
            if n > 0 || buffer.is_empty() {
                return Ok(n);
            }
            if decoder.is_finished() && decoder.can_collect() == 0 {
                let stored = decoder.get_checksum_from_data();
                if stored.is_some() && stored != decoder.get_calculated_checksum() {
                    return Err(broken("its checksum does not match: the file is damaged".to_owned()));
                }
                self.decoder = None;
            }
        }
    }
}

impl Lines {
    /// Looks at the first bytes and prepares to read.
    pub fn new(source: Box<dyn Read + Send>, limits: ImportLimits) -> Result<Self, ReadError> {
        let raw = Arc::new(AtomicU64::new(0));
        let mut source = Counted { inner: source, count: Arc::clone(&raw) };
        let mut first = Vec::new();
        source.by_ref().take(4).read_to_end(&mut first).map_err(|e| unreadable(&e))?;
        let is_gzip = first.starts_with(&[0x1f, 0x8b]);
        let is_zstd = first.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]);
        let whole = Cursor::new(first).chain(source);
        let source: Box<dyn BufRead + Send> = if is_gzip {
            Box::new(BufReader::with_capacity(1 << 16, flate2::read::MultiGzDecoder::new(whole)))
        } else if is_zstd {
            let frames = ZstdFrames { source: BufReader::new(Box::new(whole)), decoder: None };
            Box::new(BufReader::with_capacity(1 << 16, frames))
        } else {
            Box::new(BufReader::with_capacity(1 << 16, whole))
        };
        Ok(Self { source, limits, raw, is_compressed: is_gzip || is_zstd, total: 0, buffer: Vec::new() })
    }

    /// The next line without its end; nothing at the end of the source.
    pub fn next_line(&mut self) -> Result<Option<&str>, ReadError> {
        self.buffer.clear();
        loop {
            let available = self.source.fill_buf().map_err(|e| unreadable(&e))?;
            if available.is_empty() {
                if self.buffer.is_empty() {
                    return Ok(None);
                }
                break;
            }
            let end = available.iter().position(|b| *b == b'\n');
            let taken = end.map_or(available.len(), |i| i + 1);
            let content = end.unwrap_or(taken);
            let (line_length, now) = (self.buffer.len() as u64 + content as u64, taken as u64);
            if line_length <= self.limits.max_line {
                self.buffer.extend_from_slice(available.get(..content).unwrap_or_default());
            }
            self.source.consume(taken);
            self.total += now;
            if line_length > self.limits.max_line {
                let max = self.limits.max_line;
                return Err(stop(format!(
                    "the line is longer than {max} bytes (import.max_line); reading stopped here"
                )));
            }
            self.check_size()?;
            if end.is_some() {
                break;
            }
        }
        if self.buffer.last() == Some(&b'\r') {
            self.buffer.pop();
        }
        match std::str::from_utf8(&self.buffer) {
            Ok(line) => Ok(Some(line)),
            Err(e) => Err(ReadError {
                column: i64::try_from(e.valid_up_to() + 1).ok(),
                detail: "this is not UTF-8 text".to_owned(),
                is_final: false,
            }),
        }
    }

    /// The bytes of the line read last, for the file of rejected lines.
    pub fn last_bytes(&self) -> &[u8] {
        &self.buffer
    }

    fn check_size(&self) -> Result<(), ReadError> {
        if self.total > self.limits.max_bytes {
            let max = self.limits.max_bytes;
            return Err(stop(format!("the file is longer than {max} bytes (import.max_bytes); reading stopped here")));
        }
        let raw = self.raw.load(Ordering::Relaxed).max(1);
        if self.is_compressed && self.total > FREE_BYTES && self.total / raw > MAX_RATIO {
            return Err(stop(format!(
                "the file decompresses to more than {MAX_RATIO} times its size; reading stopped here. Decompress it first if it is meant to"
            )));
        }
        Ok(())
    }
}

fn stop(detail: String) -> ReadError {
    ReadError { column: None, detail, is_final: true }
}

fn unreadable(e: &io::Error) -> ReadError {
    match e.kind() {
        io::ErrorKind::UnexpectedEof => stop("the compressed file ends in the middle".to_owned()),
        _ => stop(format!("it cannot be read: {e}")),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use proptest::prelude::*;

    use super::*;

    fn read_all(bytes: Vec<u8>, limits: ImportLimits) -> (Vec<String>, Option<ReadError>) {
        let mut lines = match Lines::new(Box::new(Cursor::new(bytes)), limits) {
            Ok(lines) => lines,
            Err(e) => return (vec![], Some(e)),
        };
        let mut found = vec![];
        loop {
            match lines.next_line() {
                Ok(Some(line)) => found.push(line.to_owned()),
                Ok(None) => return (found, None),
                Err(e) => return (found, Some(e)),
            }
        }
    }

    fn gzip(bytes: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(bytes).expect("in memory");
        encoder.finish().expect("in memory")
    }

    #[test]
    fn plain_and_compressed_lines_are_the_same() {
        let text = b"one\r\ntwo\n\nlast".to_vec();
        let expected = ["one", "two", "", "last"].map(str::to_owned).to_vec();
        assert_eq!(read_all(text.clone(), ImportLimits::default()), (expected.clone(), None));
        assert_eq!(read_all(gzip(&text), ImportLimits::default()), (expected.clone(), None));
        let zstd = ruzstd::encoding::compress_to_vec(&text[..], ruzstd::encoding::CompressionLevel::Fastest);
        assert_eq!(read_all(zstd.clone(), ImportLimits::default()), (expected, None));
        let mut two = zstd.clone();
        two.extend(&zstd);
        let (lines, error) = read_all(two, ImportLimits::default());
        assert_eq!((lines.len(), error), (7, None), "every frame is read");
        let (_, error) = read_all(zstd.get(..zstd.len() - 5).unwrap_or_default().to_vec(), ImportLimits::default());
        assert!(error.is_some(), "half a frame is refused");
    }

    #[test]
    fn an_endless_line_stops_the_reading_in_bounded_memory() {
        let endless: Box<dyn Read + Send> = Box::new(io::repeat(b'x'));
        let mut lines = Lines::new(endless, ImportLimits { max_line: 1 << 20, max_bytes: 1 << 40 }).expect("readable");
        let error = lines.next_line().expect_err("endless");
        assert!(error.is_final && error.detail.contains("1048576"), "{error:?}");
        assert!(lines.buffer.capacity() <= 4 << 20);
    }

    #[test]
    fn a_compressed_bomb_is_refused() {
        let bomb = gzip(&b"{}\n".repeat(64 << 20));
        assert!(bomb.len() < 1 << 20);
        let (_, error) = read_all(bomb, ImportLimits::default());
        assert!(error.expect("refused").detail.contains("200 times"));
    }

    #[test]
    fn half_a_compressed_file_is_refused() {
        let mut half = gzip(b"one\ntwo\n");
        half.truncate(half.len() - 9);
        let (_, error) = read_all(half, ImportLimits::default());
        assert_eq!(error.map(|e| e.detail).as_deref(), Some("the compressed file ends in the middle"));
    }

    #[test]
    fn bad_utf_8_says_where() {
        let (lines, error) = read_all(b"fine\nab\xff\n".to_vec(), ImportLimits::default());
        assert_eq!(lines, ["fine"]);
        assert_eq!(error.and_then(|e| e.column), Some(3));
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(bytes in proptest::collection::vec(any::<u8>(), 0..4096)) {
            let _ = read_all(bytes.clone(), ImportLimits { max_line: 100, max_bytes: 2000 });
            let mut pretends = vec![0x28, 0xb5, 0x2f, 0xfd];
            pretends.extend(&bytes);
            let _ = read_all(pretends, ImportLimits { max_line: 100, max_bytes: 2000 });
        }
    }
}
