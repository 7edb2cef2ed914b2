use std::fs;

use super::*;

const ADDRESS: &str = "wasm1address";

fn entry() -> Entry {
    Entry {
        chain_id: "lab-1".into(),
        hash: "AB".repeat(32),
        sequence: 7,
        timeout_height: 100,
        tx: HexBinary::from(b"signed"),
    }
}

async fn opened(folder: &Path) -> Result<Journal, ChainError> {
    Journal::open(Some(folder.into()), ADDRESS).await
}

#[tokio::test]
async fn an_open_transaction_survives_the_process() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path().join("made/on/demand");
    let mut journal = opened(&folder).await.unwrap();
    assert_eq!(journal.pending(), None);
    journal.begin(&entry()).await.unwrap();
    drop(journal);
    let mut journal = opened(&folder).await.unwrap();
    assert_eq!(journal.pending(), Some(&entry()));
    journal.end(Record::Dropped { hash: entry().hash }).await;
    drop(journal);
    assert_eq!(opened(&folder).await.unwrap().pending(), None);
}

#[tokio::test]
async fn without_a_folder_it_is_kept_in_memory() {
    let mut journal = Journal::open(None, ADDRESS).await.unwrap();
    journal.begin(&entry()).await.unwrap();
    assert_eq!(journal.pending(), Some(&entry()));
}

#[tokio::test]
async fn two_processes_cannot_share_a_key() {
    let folder = tempfile::tempdir().unwrap();
    let first = opened(folder.path()).await.unwrap();
    let message = opened(folder.path()).await.err().unwrap().to_string();
    assert!(message.contains("another process"), "{message}");
    assert!(message.contains(ADDRESS), "{message}");
    drop(first);
    assert!(opened(folder.path()).await.is_ok());
}

#[tokio::test]
async fn a_damaged_file_is_named_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(format!("{ADDRESS}.json"));
    for text in ["", "{}", r#"{"state":"pending","hash":1}"#] {
        fs::write(&path, text).unwrap();
        let message = opened(folder.path()).await.err().unwrap().to_string();
        assert!(message.contains(&path.display().to_string()), "{message}");
        assert_eq!(fs::read_to_string(&path).unwrap(), text);
    }
}

#[tokio::test]
async fn a_journal_that_cannot_be_written_stops_the_submission() {
    let folder = tempfile::tempdir().unwrap();
    let mut journal = opened(folder.path()).await.unwrap();
    fs::remove_dir_all(folder.path()).unwrap();
    let refused = journal.begin(&entry()).await;
    assert!(
        matches!(refused, Err(ChainError::Journal { .. })),
        "{refused:?}"
    );
    assert_eq!(journal.pending(), None);
}
