import Foundation
import Testing

@testable import Privacy

/// Clause 37: what must be blacked out in a copy of an identity document.
@Suite struct ProofTests {
  /// Lines of the specimens in ICAO 9303, parts 4 to 6: of a country that does not exist.
  private static let specimens = [
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<",
    "L898902C36UTO7408122F1204159ZE184226B<<<<<10",
    "I<UTOD231458907<<<<<<<<<<<<<<<",
    "7408122F1204159UTO<<<<<<<<<<<6",
    "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<",
    "D231458907UTO7408122F1204159<<<<<<<6",
  ]

  @Test(arguments: specimens)
  func `a line of a machine-readable zone is found`(line: String) {
    #expect(MachineReadableZone.isFound(in: line))
    #expect(MachineReadableZone.isFound(in: "Kopie:\n \(line.lowercased()) \nklaar"))
    let spaced = line.map(String.init).joined(separator: " ")
    #expect(MachineReadableZone.isFound(in: spaced))
    #expect(throws: ProofFault.machineReadableZone) {
      try ProofRules.check(Array("Naam: Anna\n\(line)\n".utf8), .text)
    }
  }

  @Test(arguments: [
    "", "Naam: Anna Eriksson", String(repeating: "<", count: 44),
    "EENREGELMETPRECIESVIERENVEERTIGLETTERSINEENSX",
    // A check digit that is wrong.
    "L898902C36UTO7408123F1204158ZE184226B<<<<<10",
    "I<UTOD231458908<<<<<<<<<<<<<<<",
  ])
  func `what is no machine-readable zone is none`(text: String) {
    #expect(!MachineReadableZone.isFound(in: text))
  }

  @Test func `a copy is what it is said to be, and not too large`() throws {
    try ProofRules.check([0xFF, 0xD8, 0xFF, 0xE0], .image)
    try ProofRules.check(Array("Naam: Anna".utf8), .text)
    let most = [UInt8](repeating: 0x20, count: ProofRules.maximumBytes)
    try ProofRules.check(most, .text)
    let wrong: [([UInt8], ProofForm, ProofFault)] = [
      ([], .text, .empty), (most + [0x20], .text, .tooLarge(limit: 1_048_576)),
      ([0xC3], .text, .otherForm(.text)), (Array("%PDF-1.7".utf8), .image, .otherForm(.image)),
      (Array("hello".utf8), .pdf, .otherForm(.pdf)),
    ]
    for (copy, form, fault) in wrong {
      #expect(throws: fault) { try ProofRules.check(copy, form) }
    }
  }

  // MARK: PDF

  private func pdf(_ stream: [UInt8], _ dictionary: String = "<< /Length 7 >>") -> [UInt8] {
    Array("%PDF-1.4\n1 0 obj\n\(dictionary)\nstream\n".utf8) + stream
      + Array("\nendstream\nendobj\ntrailer\n<< >>\n%%EOF".utf8)
  }

  /// A zlib stream of stored blocks (RFC 1950, RFC 1951): no compressor is needed for it.
  private func stored(_ bytes: [UInt8]) -> [UInt8] {
    var stream: [UInt8] = [0x78, 0x01]
    var (a, b) = (UInt32(1), UInt32(0))
    for byte in bytes {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    let (low, high) = (UInt8(bytes.count & 0xFF), UInt8(bytes.count >> 8))
    stream += [0x01, low, high, ~low, ~high] + bytes
    let sum = b << 16 | a
    return stream + [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: sum >> $0) }
  }

  private static let flate = "<< /Length 7 /Filter /FlateDecode >>"

  @Test(arguments: [
    "BT (BSN 111222333) Tj ET", "BT [(1112) -20 (22) 3 (333)] TJ ET",
    "BT (111) Tj (222) Tj (333) Tj ET", #"BT (\061\061\061222333) Tj ET"#,
    "BT <313131323232333333> Tj ET", "BT <FEFF003100310031003200320032003300330033> Tj ET",
  ])
  func `a citizen number in the text layer of a PDF is found`(content: String) {
    #expect(throws: ProofFault.citizenNumber) {
      try ProofRules.check(pdf(Array(content.utf8)), .pdf)
    }
    #expect(throws: ProofFault.citizenNumber) {
      try ProofRules.check(pdf(stored(Array(content.utf8)), Self.flate), .pdf)
    }
  }

  @Test func `a PDF without one is taken, one that cannot be read is not`() throws {
    try ProofRules.check(pdf(Array("BT (Naam: Anna) Tj ET".utf8)), .pdf)
    try ProofRules.check(pdf(stored(Array("BT (111222334) Tj ET".utf8)), Self.flate), .pdf)
    try ProofRules.check(Array("%PDF-1.4\nstream".utf8), .pdf)
    let encrypted = pdf([]) + Array("/Encrypt 7 0 R".utf8)
    #expect(throws: ProofFault.unreadable) { try ProofRules.check(encrypted, .pdf) }
    var many = Array("%PDF-1.4\n".utf8)
    for _ in 0...PDFText.maximumStreams { many += Array("stream x endstream\n".utf8) }
    #expect(throws: ProofFault.unreadable) { try ProofRules.check(many, .pdf) }
  }

  @Test(arguments: specimens)
  func `a line of a machine-readable zone in a PDF is found, letter by letter too`(line: String) {
    let letters = line.map { "(\($0)) Tj" }.joined(separator: " ")
    let pieces = "[(Kopie van) -3 (\(line.prefix(7))) -20 (\(line.dropFirst(7))) 4 (einde)] TJ"
    for content in ["(\(line)) Tj", letters, "(Paspoort: ) Tj \(letters) (kopie) Tj", pieces] {
      let text = Array("BT \(content) ET".utf8)
      for copy in [pdf(text), pdf(stored(text), Self.flate)] {
        #expect(throws: ProofFault.machineReadableZone, "\(content)") {
          try ProofRules.check(copy, .pdf)
        }
      }
    }
  }

  @Test(arguments: [
    "<< /Filter/FlateDecode >>", "<< /Filter [/FlateDecode] >>", "<</Filter[ /FlateDecode ]>>",
    "<< /Filter %/Crypt\n /Fl#61teDecode >>", "<< /F#69lter /FlateDecode >>",
    "<< /Filter /FlateDecode /Pad (\(String(repeating: "x", count: 2_000))) >>",
  ])
  func `however its filter is written, a compressed text is read`(dictionary: String) {
    #expect(throws: ProofFault.citizenNumber) {
      try ProofRules.check(pdf(stored(Array("BT (111222333) Tj ET".utf8)), dictionary), .pdf)
    }
  }

  @Test(arguments: [
    "<< /Filter /ASCII85Decode >>", "<< /Filter [/ASCIIHexDecode /FlateDecode] >>",
    "<< /Filter /LZWDecode >>", "<< /Filter /LZWDecode /Pad (\\( 2 0 obj) >>",
    "<< /Filter 5 0 R >>", "<< /Filter [5 0 R] >>", "<< /Filter >>",
    "<< /Filter [/FlateDecode /FlateDecode] >>", "<< /Filter /FlateDecode /Filter /LZWDecode >>",
    "<< /Filter /FlateDecode /DecodeParms << /Predictor 12 >> >>",
    // Not compressed as it says.
    "<< /Filter /FlateDecode >>",
  ])
  func `a stream that cannot be read is refused: its text might stand there`(dictionary: String) {
    #expect(throws: ProofFault.unreadable) {
      try ProofRules.check(pdf(Array("no zlib at all".utf8), dictionary), .pdf)
    }
  }

  @Test(arguments: [
    "<< /Subtype /Image /Filter /DCTDecode >>", "<< /Filter [/FlateDecode /DCTDecode] >>",
    "<< /Filter null >>",
  ])
  func `a picture in a PDF is the attestation's`(dictionary: String) throws {
    try ProofRules.check(pdf([0xFF, 0xD8, 0xFF, 0xE0], dictionary), .pdf)
  }

  @Test func `a compressed stream that is cut off is refused`() {
    let whole = stored(Array("BT (Naam: Anna) Tj ET".utf8))
    #expect(throws: ProofFault.unreadable) {
      try ProofRules.check(pdf(Array(whole.dropLast(5)), Self.flate), .pdf)
    }
  }
}
