//! All or nothing: files are written aside, and moved into place only when every one of them is there.
//!
//! Each move is a rename within one file system. Should one fail or a signal come, those before it are undone, so
//! that the output is as it was. A folder of the tree may be another file system, mounted there or behind a link: its
//! files are copied beside their places first. A file that is a mount of its own cannot be moved, nor another into its
//! place: what it holds is.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::{ErrorKind, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Mutex;

use tempfile::TempDir;

use crate::diagnostic::Failure;
use crate::interrupt;

/// Where files wait.
#[derive(Debug)]
pub(crate) struct Stage {
    /// The folder that the tree will stand in, and where it waits.
    tree: Option<(PathBuf, TempDir)>,
    known_folders: Mutex<HashSet<PathBuf>>,
    moves: Mutex<Vec<Move>>,
    /// Single files wait beside their places. Dropping a folder removes it.
    beside: Vec<TempDir>,
    /// What is written to devices and pipes when all else is in place.
    streams: Vec<(PathBuf, Vec<u8>)>,
}

#[derive(Debug)]
struct Move {
    from: PathBuf,
    to: PathBuf,
}

impl Stage {
    /// For a tree that will stand in `out_dir`, and single files anywhere.
    pub(crate) fn new(out_dir: Option<&Path>) -> Result<Self, Failure> {
        let tree = match out_dir {
            Some(dir) => Some((dir.to_owned(), waiting_room(existing_folder(dir), dir)?)),
            None => None,
        };
        Ok(Self {
            tree,
            known_folders: Mutex::default(),
            moves: Mutex::default(),
            beside: Vec::new(),
            streams: Vec::new(),
        })
    }

    /// Writes a file of the tree; `path` is relative to it. It may be run if `like` may be.
    pub(crate) fn write(&self, path: &Path, parts: &[&[u8]], like: Option<&Path>) -> std::io::Result<()> {
        let Some((dir, waiting)) = &self.tree else { return Ok(()) };
        let from = waiting.path().join("tree").join(path);
        if let Some(folder) = from.parent() {
            let is_new = !self.folders().contains(folder);
            if is_new {
                fs::create_dir_all(folder)?;
                self.folders().insert(folder.to_owned());
            }
        }
        write_file(&from, parts, like)?;
        self.moves().push(Move { from, to: dir.join(path) });
        Ok(())
    }

    /// Writes a single file. It may be run if `like` may be.
    pub(crate) fn write_single(&mut self, to: &Path, content: &[u8], like: Option<&Path>) -> Result<(), Failure> {
        let mut to = std::path::absolute(to).map_err(Failure::io("write", to))?;
        if is_stream(&to) {
            self.streams.push((to, content.to_vec()));
            return Ok(());
        }
        if to.is_symlink() {
            to = fs::canonicalize(&to).unwrap_or(to);
        }
        if to.is_dir() {
            return Err(Failure::Io("write", to, ErrorKind::IsADirectory.into()));
        }
        let waiting = waiting_room(existing_folder(to.parent().unwrap_or(&to)), &to)?;
        let from = waiting.path().join("file");
        write_file(&from, &[content], like).map_err(Failure::io("write", &to))?;
        self.moves().push(Move { from, to });
        self.beside.push(waiting);
        Ok(())
    }

    /// Moves everything into place.
    pub(crate) fn commit(self) -> Result<(), Failure> {
        let mut undo = Undo::default();
        let moves = self.moves.lock().map(|mut moves| std::mem::take(&mut *moves)).unwrap_or_default();
        for Move { from, to } in &moves {
            if let Some(signal) = interrupt::caught() {
                undo.run();
                return Err(Failure::Interrupted(signal));
            }
            let result = (|| {
                if let Some(folder) = to.parent() {
                    undo.create_folders(folder)?;
                }
                // Whatever it holds is not ours to remove.
                if fs::symlink_metadata(to).is_ok_and(|old| old.is_dir()) {
                    return Err(ErrorKind::IsADirectory.into());
                }
                let waiting = self.backup_folder(from);
                match undo.put(from, to, &waiting) {
                    Err(error) if error.kind() == ErrorKind::CrossesDevices => {
                        let room = undo.room_beside(to)?;
                        let copy = room.join("file");
                        fs::copy(from, &copy)?;
                        undo.put(&copy, to, &room)
                    }
                    done => done,
                }
            })();
            if let Err(error) = result {
                undo.run();
                return Err(Failure::Io("write", to.clone(), error));
            }
        }
        for (to, content) in &self.streams {
            let stream = fs::OpenOptions::new().append(true).open(to);
            stream.and_then(|mut stream| stream.write_all(content)).map_err(Failure::io("write", to))?;
        }
        Ok(())
    }

    /// A folder on the same file system as what waits at `from`.
    fn backup_folder(&self, from: &Path) -> PathBuf {
        match &self.tree {
            Some((_, waiting)) if from.starts_with(waiting.path()) => waiting.path().to_owned(),
            _ => from.parent().unwrap_or(from).to_owned(),
        }
    }

    // A panic while one of these locks is held leaves plain data behind that is still good.

    fn folders(&self) -> std::sync::MutexGuard<'_, HashSet<PathBuf>> {
        self.known_folders.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }

    fn moves(&self) -> std::sync::MutexGuard<'_, Vec<Move>> {
        self.moves.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

#[derive(Default)]
struct Undo {
    steps: Vec<Step>,
    known: HashSet<PathBuf>,
    /// Where files wait on other file systems, by the folder that they will stand in.
    rooms: HashMap<PathBuf, PathBuf>,
}

enum Step {
    Remove(PathBuf),
    Restore {
        backup: PathBuf,
        to: PathBuf,
    },
    RestoreContent {
        backup: PathBuf,
        to: PathBuf,
    },
    RemoveFolder(PathBuf),
    /// Dropping it would do: but before the folder that it is in can be removed.
    RemoveRoom(TempDir),
}

impl Undo {
    fn create_folders(&mut self, folder: &Path) -> std::io::Result<()> {
        if self.known.contains(folder) {
            return Ok(());
        }
        let mut missing: Vec<&Path> = folder.ancestors().take_while(|folder| !folder.exists()).collect();
        while let Some(next) = missing.pop() {
            fs::create_dir(next)?;
            self.steps.push(Step::RemoveFolder(next.to_owned()));
        }
        self.known.insert(folder.to_owned());
        Ok(())
    }

    /// Brings a file to its place; what stands there, or what it holds, is kept in `waiting`.
    fn put(&mut self, from: &Path, to: &Path, waiting: &Path) -> std::io::Result<()> {
        match self.replace(from, to, waiting) {
            Err(error) if error.kind() == ErrorKind::ResourceBusy => self.overwrite(from, to, waiting),
            done => done,
        }
    }

    /// Moves a file to its place.
    fn replace(&mut self, from: &Path, to: &Path, waiting: &Path) -> std::io::Result<()> {
        if fs::symlink_metadata(to).is_ok() {
            let backup = waiting.join(format!("replaced-{}", self.steps.len()));
            fs::rename(to, &backup)?;
            self.steps.push(Step::Restore { backup, to: to.to_owned() });
        }
        fs::rename(from, to)?;
        self.steps.push(Step::Remove(to.to_owned()));
        Ok(())
    }

    /// Writes over what a file holds.
    fn overwrite(&mut self, from: &Path, to: &Path, waiting: &Path) -> std::io::Result<()> {
        let backup = waiting.join(format!("replaced-{}", self.steps.len()));
        fs::copy(to, &backup)?;
        self.steps.push(Step::RestoreContent { backup, to: to.to_owned() });
        write_over(from, to)
    }

    /// A folder in the one that holds `to`, and so on the same file system.
    fn room_beside(&mut self, to: &Path) -> std::io::Result<PathBuf> {
        let folder = to.parent().unwrap_or(to);
        if let Some(room) = self.rooms.get(folder) {
            return Ok(room.clone());
        }
        let room = tempfile::Builder::new().prefix(WAITING_ROOM).tempdir_in(folder)?;
        let path = room.path().to_owned();
        self.steps.push(Step::RemoveRoom(room));
        self.rooms.insert(folder.to_owned(), path.clone());
        Ok(path)
    }

    fn run(self) {
        for step in self.steps.into_iter().rev() {
            // Whatever cannot be undone is no worse for trying the rest.
            let _ = match step {
                Step::Remove(path) => fs::remove_file(path),
                Step::Restore { backup, to } => fs::rename(backup, to),
                Step::RestoreContent { backup, to } => write_over(&backup, &to),
                Step::RemoveFolder(path) => fs::remove_dir(path),
                Step::RemoveRoom(room) => room.close(),
            };
        }
    }
}

/// Writes the bytes of one file over those of another, and nothing else: who may write a file need not own it.
fn write_over(from: &Path, to: &Path) -> std::io::Result<()> {
    let mut target = fs::OpenOptions::new().write(true).open(to)?;
    let length = std::io::copy(&mut fs::File::open(from)?, &mut target)?;
    target.set_len(length)
}

fn write_file(at: &Path, parts: &[&[u8]], like: Option<&Path>) -> std::io::Result<()> {
    let mut file = fs::File::create(at)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    like.map_or(Ok(()), |like| allow_to_run_like(&file, like))
}

/// Who may read the file may run it, if someone may run `like`.
#[cfg(unix)]
fn allow_to_run_like(file: &fs::File, like: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    if fs::metadata(like)?.permissions().mode() & 0o111 == 0 {
        return Ok(());
    }
    let mode = file.metadata()?.permissions().mode();
    file.set_permissions(fs::Permissions::from_mode(mode | (mode & 0o444) >> 2))
}

/// There it is the name that says so.
#[cfg(not(unix))]
fn allow_to_run_like(_: &fs::File, _: &Path) -> std::io::Result<()> {
    Ok(())
}

/// A device or a pipe is written to; moving a file into its place would destroy it. So would it `/dev/stdout`, which is
/// a file where standard output is one.
pub(crate) fn is_stream(path: &Path) -> bool {
    let is_device = ["/dev", "/proc"].iter().any(|folder| path.starts_with(folder));
    fs::metadata(path).is_ok_and(|found| !found.is_dir() && (is_device || !found.is_file()))
}

/// How the name of a folder begins in which files wait.
pub(crate) const WAITING_ROOM: &str = ".pathlight-";

/// A hidden folder in `place`, for what will stand at `target`.
fn waiting_room(place: &Path, target: &Path) -> Result<TempDir, Failure> {
    let place = if place.as_os_str().is_empty() { Path::new(".") } else { place };
    tempfile::Builder::new().prefix(WAITING_ROOM).tempdir_in(place).map_err(|error| {
        // The random name says nothing to the user.
        Failure::Io("write", target.to_owned(), error.kind().into())
    })
}

/// The nearest folder above `path` that exists; `path` itself may be there but read-only or a file.
fn existing_folder(path: &Path) -> &Path {
    path.ancestors().find(|folder| folder.is_dir()).unwrap_or(Path::new("."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_over_comes_back() {
        let folder = tempfile::tempdir().unwrap();
        let [from, to] = ["from", "to"].map(|name| folder.path().join(name));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "what was there before").unwrap();
        let mut undo = Undo::default();
        undo.overwrite(&from, &to, folder.path()).unwrap();
        assert_eq!(fs::read_to_string(&to).unwrap(), "new");
        undo.run();
        assert_eq!(fs::read_to_string(&to).unwrap(), "what was there before");
    }
}
