import Storage

/// What is sealed under the person's key, in pieces that cannot change places.
enum ArchiveColumns {
  enum Piece: SealedColumn {
    static let table = "archive_chunk"
    static let column = "sealed"
  }
}
