// Generated from the fields of ikso.privacy.v1 that are sealed_in a column.
// Don't edit; run Schemas/generate.

import Storage

enum ArchiveChunkColumns {
  enum Sealed: SealedColumn {
    static let table = "archive_chunk"
    static let column = "sealed"
  }
}
