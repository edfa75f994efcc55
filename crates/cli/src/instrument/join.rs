//! All code in one file, with one source map.

use pathlight_instrument::{Output, SourceMapText, join_maps, line_breaks};

use super::target::{Target, map_path, url_escaped};
use crate::flags::SourceMapsFlag;

/// All code in one file.
pub(super) struct Joined {
    pub(super) code: Vec<u8>,
    pub(super) map_file: Option<SourceMapText>,
}

/// Joins the outputs in the order of their files.
pub(super) fn join(mut outputs: Vec<(usize, Output)>, source_maps: SourceMapsFlag, target: &Target) -> Joined {
    outputs.sort_by_key(|(file, _)| *file);
    let is_alone = outputs.len() == 1;
    let mut joined = Joined { code: Vec::new(), map_file: None };
    let mut maps = Vec::new();
    let mut line = 0;
    for (_, output) in outputs {
        maps.extend(output.source_map.map(|map| (line, map)));
        let start = joined.code.len();
        if is_alone {
            joined.code = output.code;
        } else {
            joined.code.extend_from_slice(&output.code);
        }
        let stays_as_it_is = is_alone && maps.is_empty();
        if !stays_as_it_is && !joined.code.ends_with(b"\n") {
            joined.code.push(b'\n');
        }
        if !is_alone {
            line += str::from_utf8(&joined.code[start..]).map_or(0, line_breaks);
        }
    }
    let name = match target {
        Target::File(path) => path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
        Target::Folder(_) | Target::Stdout => String::new(),
    };
    let map = if is_alone { maps.pop().map(|(_, map)| map) } else { join_maps(&name, &maps) };
    match (map, source_maps, target) {
        (Some(map), SourceMapsFlag::File, Target::File(path)) => {
            let map_name = map_path(path).file_name().unwrap_or_default().to_string_lossy().into_owned();
            joined.code.extend_from_slice(format!("//# sourceMappingURL={}\n", url_escaped(&map_name)).as_bytes());
            joined.map_file = Some(map);
        }
        // Standard output has no file beside it.
        (Some(map), _, _) => joined.code.extend_from_slice(map.as_inline_comment().as_bytes()),
        (None, _, _) => {}
    }
    joined
}
