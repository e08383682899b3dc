//! Files and folders.

use anyhow::Context;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::thread;

/// The files of a folder and of those in it, in the order of their paths.
pub(crate) fn all(folder: &Path) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = vec![];
    for entry in fs::read_dir(folder).with_context(|| format!("reading {folder:?}"))? {
        let path = entry?.path();
        if path.is_dir() {
            files.extend(all(&path)?);
        } else {
            files.push(path);
        }
    }
    files.sort();
    Ok(files)
}

/// Those whose names end so.
pub(crate) fn with_extension(folder: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = all(folder)?;
    files.retain(|file| file.extension().is_some_and(|its| its == extension));
    Ok(files)
}

/// Copies a folder.
pub(crate) fn copy(from: &Path, to: &Path) -> anyhow::Result<()> {
    for file in all(from)? {
        let copy = to.join(file.strip_prefix(from)?);
        if let Some(folder) = copy.parent() {
            fs::create_dir_all(folder)?;
        }
        fs::copy(&file, &copy).with_context(|| format!("copying {file:?}"))?;
    }
    Ok(())
}

/// Does the same with each file, as many at once as there are cores.
pub(crate) fn each(
    files: Vec<PathBuf>,
    work: impl Fn(&Path) -> anyhow::Result<()> + Sync,
) -> anyhow::Result<()> {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let waiting = Mutex::new(files.into_iter());
    let next = || waiting.lock().ok()?.next();
    let some = || {
        while let Some(file) = next() {
            work(&file)?;
        }
        anyhow::Ok(())
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..cores).map(|_| scope.spawn(some)).collect();
        workers.into_iter().try_for_each(|worker| {
            worker
                .join()
                .unwrap_or_else(|_| anyhow::bail!("a thread panicked"))
        })
    })
}
