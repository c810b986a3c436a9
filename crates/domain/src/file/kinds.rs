//! The kinds of files that can be told from their names, and what their bytes may be.

use super::UNKNOWN;

/// What the bytes of a kind may be.
#[derive(Clone, Copy, Debug)]
enum Bytes {
    /// One of these.
    Only(&'static [&'static str]),
    /// Anything that people can read as it stands.
    Text,
    /// Sound or pictures that move, of which many forms have no mark at their beginning.
    Media,
}

/// A kind of file.
#[derive(Clone, Copy, Debug)]
pub(super) struct Kind {
    pub(super) media_type: &'static str,
    pub(super) extensions: &'static [&'static str],
    /// What else senders call it.
    aliases: &'static [&'static str],
    bytes: Bytes,
}

impl Kind {
    /// Whether bytes that look so may be of this kind.
    pub(super) fn fits(&self, is: &str) -> bool {
        match self.bytes {
            Bytes::Only(types) => types.contains(&is),
            Bytes::Text => TEXTS.contains(&is),
            Bytes::Media => is == UNKNOWN || is.starts_with("audio/") || is.starts_with("video/"),
        }
    }

    /// Whether a sender who says this media type means this kind.
    pub(super) fn is_called(&self, said: &str) -> bool {
        self.media_type == said || self.aliases.contains(&said)
    }
}

const TEXTS: [&str; 5] = ["text/plain", "text/html", "text/xml", "image/svg+xml", "text/x-shellscript"];
const DOCX: &str = "application/vnd.openxmlformats-officedocument.wordprocessingml.document";
const XLSX: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";
const PPTX: &str = "application/vnd.openxmlformats-officedocument.presentationml.presentation";
const ODT: &str = "application/vnd.oasis.opendocument.text";
const ODS: &str = "application/vnd.oasis.opendocument.spreadsheet";
const ODP: &str = "application/vnd.oasis.opendocument.presentation";
const ZIP: &str = "application/zip";
/// The container of the older office programs, and of the newer ones' documents with a password.
pub(super) const OLE: &str = "application/x-ole-storage";

const fn kind(media_type: &'static str, extensions: &'static [&'static str], bytes: Bytes) -> Kind {
    Kind { media_type, extensions, aliases: &[], bytes }
}

const fn called(kind: Kind, aliases: &'static [&'static str]) -> Kind {
    Kind { aliases, ..kind }
}

/// Every kind that is known by its name.
pub(super) const KINDS: &[Kind] = &[
    called(kind("application/pdf", &["pdf"], Bytes::Only(&["application/pdf"])), &["application/x-pdf"]),
    kind("image/png", &["png"], Bytes::Only(&["image/png"])),
    called(kind("image/jpeg", &["jpg", "jpeg", "jfif"], Bytes::Only(&["image/jpeg"])), &["image/jpg", "image/pjpeg"]),
    kind("image/gif", &["gif"], Bytes::Only(&["image/gif"])),
    kind("image/webp", &["webp"], Bytes::Only(&["image/webp"])),
    called(kind("image/heic", &["heic", "heif"], Bytes::Only(&["image/heif"])), &["image/heif"]),
    kind("image/avif", &["avif"], Bytes::Only(&["image/avif"])),
    called(kind("image/bmp", &["bmp"], Bytes::Only(&["image/bmp"])), &["image/x-ms-bmp"]),
    kind("image/tiff", &["tif", "tiff"], Bytes::Only(&["image/tiff"])),
    kind("image/svg+xml", &["svg"], Bytes::Only(&["image/svg+xml", "text/xml"])),
    kind(DOCX, &["docx"], Bytes::Only(&[DOCX, ZIP, OLE])),
    kind(XLSX, &["xlsx"], Bytes::Only(&[XLSX, ZIP, OLE])),
    kind(PPTX, &["pptx"], Bytes::Only(&[PPTX, ZIP, OLE])),
    kind("application/msword", &["doc"], Bytes::Only(&[OLE, "application/rtf"])),
    // Many programs write tables as text and call them so.
    kind("application/vnd.ms-excel", &["xls"], Bytes::Only(&[OLE, "text/plain", "text/xml"])),
    kind("application/vnd.ms-powerpoint", &["ppt"], Bytes::Only(&[OLE])),
    kind(ODT, &["odt"], Bytes::Only(&[ODT, ZIP])),
    kind(ODS, &["ods"], Bytes::Only(&[ODS, ZIP])),
    kind(ODP, &["odp"], Bytes::Only(&[ODP, ZIP])),
    called(kind("application/rtf", &["rtf"], Bytes::Only(&["application/rtf"])), &["text/rtf"]),
    // A folder of one's own may be called as one of theirs is, within an archive.
    called(kind(ZIP, &["zip"], Bytes::Only(&[ZIP, DOCX, XLSX, PPTX])), &["application/x-zip-compressed"]),
    called(
        kind("application/vnd.rar", &["rar"], Bytes::Only(&["application/vnd.rar"])),
        &["application/x-rar-compressed", "application/x-rar"],
    ),
    kind("application/x-7z-compressed", &["7z"], Bytes::Only(&["application/x-7z-compressed"])),
    called(kind("application/gzip", &["gz", "tgz"], Bytes::Only(&["application/gzip"])), &["application/x-gzip"]),
    kind("application/x-tar", &["tar"], Bytes::Only(&["application/x-tar"])),
    kind("text/plain", &["txt", "log"], Bytes::Text),
    kind("text/markdown", &["md", "markdown"], Bytes::Text),
    called(
        kind("text/csv", &["csv"], Bytes::Only(&["text/plain"])),
        &["application/csv", "application/vnd.ms-excel", "text/plain"],
    ),
    kind("text/tab-separated-values", &["tsv"], Bytes::Only(&["text/plain"])),
    called(kind("text/html", &["html", "htm", "xhtml"], Bytes::Text), &["application/xhtml+xml"]),
    called(kind("application/xml", &["xml"], Bytes::Text), &["text/xml"]),
    kind("application/json", &["json"], Bytes::Only(&["text/plain"])),
    kind("message/rfc822", &["eml"], Bytes::Text),
    kind("text/calendar", &["ics"], Bytes::Only(&["text/plain"])),
    called(kind("text/vcard", &["vcf"], Bytes::Only(&["text/plain"])), &["text/x-vcard"]),
    called(kind("audio/mpeg", &["mp3"], Bytes::Media), &["audio/mp3"]),
    called(kind("audio/mp4", &["m4a"], Bytes::Media), &["audio/m4a", "audio/x-m4a"]),
    called(kind("audio/wav", &["wav"], Bytes::Media), &["audio/x-wav"]),
    kind("audio/amr", &["amr"], Bytes::Media),
    kind("audio/ogg", &["ogg", "opus"], Bytes::Media),
    kind("audio/aac", &["aac"], Bytes::Media),
    kind("video/mp4", &["mp4", "m4v"], Bytes::Media),
    kind("video/quicktime", &["mov"], Bytes::Media),
    kind("video/webm", &["webm"], Bytes::Media),
    kind("video/x-matroska", &["mkv"], Bytes::Media),
    kind("video/x-msvideo", &["avi"], Bytes::Media),
    kind("video/3gpp", &["3gp"], Bytes::Media),
];

/// Names that an operating system runs or installs, or that lead to something that it does.
const PROGRAM_NAMES: &[&str] = &[
    "exe", "com", "scr", "pif", "dll", "sys", "cpl", "drv", "ocx", "msi", "msp", "msix", "appx", "bat", "cmd", "ps1",
    "psm1", "vb", "vbs", "vbe", "js", "jse", "mjs", "wsf", "wsh", "wsc", "hta", "reg", "inf", "lnk", "url", "scf",
    "msc", "jar", "jnlp", "class", "apk", "ipa", "deb", "rpm", "dmg", "pkg", "app", "command", "sh", "run", "bin",
    "elf", "so", "dylib", "iso", "img", "vhd", "vhdx", "chm", "xll", "swf", "crx", "xpi",
];

/// What an operating system runs, whatever it is called.
const PROGRAM_TYPES: &[&str] = &[
    "application/vnd.microsoft.portable-executable",
    "application/x-executable",
    "application/x-mach-binary",
    "application/java",
    "application/vnd.android.dex",
    "application/vnd.android.dey",
    "application/wasm",
    "application/x-llvm",
    "application/vnd.debian.binary-package",
    "application/x-rpm",
    "application/x-google-chrome-extension",
    "application/x-shockwave-flash",
    "application/x-ms-shortcut",
];

pub(super) fn is_program_name(extension: &str) -> bool {
    PROGRAM_NAMES.contains(&extension)
}

pub(super) fn is_program_type(media_type: &str) -> bool {
    PROGRAM_TYPES.contains(&media_type)
}
