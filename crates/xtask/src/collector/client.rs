//! HTTP as far as a load needs it: one connection that is kept, and little work beside that of the collector.

use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

/// No answer takes so long.
const DEADLINE: Duration = Duration::from_secs(60);

pub(crate) struct Client {
    stream: BufReader<TcpStream>,
    request: Vec<u8>,
}

impl Client {
    /// `address`: host and port.
    pub(crate) fn connect(address: &str) -> io::Result<Self> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(DEADLINE))?;
        Ok(Self { stream: BufReader::new(stream), request: Vec::new() })
    }

    /// Sends reports; the status and the text of the answer.
    pub(crate) fn post(&mut self, body: &str) -> io::Result<(u16, String)> {
        self.request.clear();
        let length = body.len();
        write!(self.request, "POST /v1/reports HTTP/1.1\r\nhost: load\r\ncontent-length: {length}\r\n\r\n{body}")?;
        self.exchange()
    }

    pub(crate) fn get(&mut self, path: &str, token: &str) -> io::Result<(u16, String)> {
        self.request.clear();
        write!(self.request, "GET {path} HTTP/1.1\r\nhost: load\r\nauthorization: Bearer {token}\r\n\r\n")?;
        self.exchange()
    }

    fn exchange(&mut self) -> io::Result<(u16, String)> {
        self.stream.get_mut().write_all(&self.request)?;
        let strange = || io::Error::other("no answer of HTTP");
        let (mut status, mut length) = (None, 0);
        let mut line = String::new();
        loop {
            line.clear();
            if self.stream.read_line(&mut line)? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            match (status, line.trim_end()) {
                (None, head) => {
                    let code = head.split(' ').nth(1).and_then(|code| code.parse().ok());
                    status = Some(code.ok_or_else(strange)?);
                }
                (Some(status), "") => {
                    let mut body = vec![0; length];
                    self.stream.read_exact(&mut body)?;
                    return Ok((status, String::from_utf8(body).map_err(|_| strange())?));
                }
                (Some(_), header) => {
                    if let Some((name, value)) = header.split_once(':')
                        && name.eq_ignore_ascii_case("content-length")
                    {
                        length = value.trim().parse().map_err(|_| strange())?;
                    }
                }
            }
        }
    }
}
