//! Which part of a document leads to which (ECMA-376 part 2, 9).

use super::xml;
use crate::package::Package;
use pllm_core::Result;
use quick_xml::events::Event;

/// The relationships of one part.
#[derive(Debug, Default)]
pub(super) struct Relations {
    /// The folder of the part, with a `/` at its end, or empty.
    folder: String,
    list: Vec<Relation>,
}

#[derive(Debug)]
struct Relation {
    id: String,
    /// The last word of its type, e.g. `footnotes`.
    kind: String,
    target: String,
}

impl Relations {
    /// Reads the relationships of `part`, of the package itself where it is empty; there may be none.
    pub(super) fn of(part: &str, package: &mut Package<'_>) -> Result<Self> {
        let (folder, name) = part.split_at(part.rfind('/').map_or(0, |slash| slash + 1));
        let content = package.read(&format!("{folder}_rels/{name}.rels"))?.unwrap_or_default();
        let mut relations = Self { folder: folder.to_owned(), list: Vec::new() };
        // Damaged ones are as good as none.
        let _ = xml::each(&String::from_utf8_lossy(&content), &mut |event, raw| {
            let (Event::Start(element) | Event::Empty(element)) = event else { return };
            if xml::name(raw).1 == "Relationship" {
                let value = |name| xml::attribute(element, name).unwrap_or_default();
                let kind = value("Type").rsplit('/').next().unwrap_or_default().to_owned();
                relations.list.push(Relation { id: value("Id"), kind, target: value("Target") });
            }
        });
        Ok(relations)
    }

    /// The path of the first part of a kind.
    pub(super) fn first(&self, kind: &str) -> Option<String> {
        self.list.iter().find(|relation| relation.kind == kind).map(|relation| self.path(&relation.target))
    }

    /// The kind and the path of the part that `id` leads to.
    pub(super) fn by_id(&self, id: &str) -> Option<(&str, String)> {
        let relation = self.list.iter().find(|relation| relation.id == id)?;
        Some((&relation.kind, self.path(&relation.target)))
    }

    /// The path of a part beside this one, or wherever `target` says.
    pub(super) fn path(&self, target: &str) -> String {
        if let Some(absolute) = target.strip_prefix('/') {
            return absolute.to_owned();
        }
        let mut folders: Vec<&str> = self.folder.split('/').filter(|name| !name.is_empty()).collect();
        for name in target.split('/') {
            match name {
                ".." => drop(folders.pop()),
                "." | "" => {}
                name => folders.push(name),
            }
        }
        folders.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn targets_are_beside_their_part() {
        let relations = Relations { folder: "word/".to_owned(), list: Vec::new() };
        let check = |target, path| assert_eq!(relations.path(target), path);
        check("footnotes.xml", "word/footnotes.xml");
        check("/word/a.xml", "word/a.xml");
        check("../docProps/./core.xml", "docProps/core.xml");
        check("../../../x", "x");
    }
}
