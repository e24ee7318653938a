/// What a copy of an identity document comes as.
enum ProofForm: String, Sendable {
  case text, pdf, image
}

/// Why a copy is not taken; nothing of it is kept.
enum ProofFault: Error, Equatable {
  case empty
  case tooLarge(limit: Int)
  /// It is not what it is said to be.
  case otherForm(ProofForm)
  /// Its text cannot be read, as it is encrypted or damaged, or would be too long.
  case unreadable
  case citizenNumber
  case machineReadableZone
  case notAttested(String)
}

enum ProofRules {
  static let maximumBytes = 1_048_576

  /// Clause 37. What is in an image is not read: there the attestation alone counts.
  static func check(_ copy: [UInt8], _ form: ProofForm) throws(ProofFault) {
    guard !copy.isEmpty else { throw .empty }
    guard copy.count <= maximumBytes else { throw .tooLarge(limit: maximumBytes) }
    switch form {
    case .image:
      guard copy.starts(with: [0xFF, 0xD8, 0xFF]) || copy.starts(with: [0x89, 0x50, 0x4E, 0x47])
      else { throw .otherForm(form) }
    case .text:
      guard let text = String(validating: copy, as: UTF8.self) else { throw .otherForm(form) }
      try check(text)
    case .pdf:
      guard copy.starts(with: "%PDF-".utf8) else { throw .otherForm(form) }
      for text in try PDFText.texts(of: copy) { try check(text) }
    }
  }

  private static func check(_ text: String) throws(ProofFault) {
    if CitizenNumber.isFound(in: text) { throw .citizenNumber }
    if MachineReadableZone.isFound(in: text) { throw .machineReadableZone }
  }
}
