import Testing

@testable import HTTP2

/// Texts of header fields, new and kept.
struct HTTP2HeaderTextsTests {
  @Test func `a text is that of its own bytes, whatever came before`() {
    let texts = HeaderTexts()
    let long = [UInt8](repeating: 0x61, count: 65)
    // é as ISO 8859-1, then the two bytes that it is in UTF-8; words with the same ends.
    let values: [[UInt8]] = [
      [0xe9], [0xc3, 0xa9], [], Array("0123456701234567".utf8), Array("01234567x01234567".utf8),
      Array("01234567y01234567".utf8), Array("te".utf8), Array("trailers".utf8), long, [0],
    ]
    for bytes in values + values + values.reversed() {
      let text = unsafe bytes.withUnsafeBufferPointer { unsafe texts.text($0) }
      #expect(text.unicodeScalars.map(\.value) == bytes.map(UInt32.init))
    }
  }
}
