import HTTP2
import RPC
import Reactor
import Schemas
import SwiftProtobuf

/// Where a mail program, or a person, ends the newsletter with one click (RFC 8058): the one page
/// of the gateway, and the one request that it turns into a call.
///
/// A POST that says `List-Unsubscribe=One-Click` unsubscribes, without cookies, token or redirect.
/// A GET changes nothing, as programs fetch links by themselves: it shows a button that posts.
// Invariant behind @unchecked: touched on the reactor's thread of its connection only; the task
// that makes the call runs there too by its executor preference.
final class UnsubscribePage: HTTP2StreamHandler, @unchecked Sendable {
  static let prefix = "/newsletter/unsubscribe/"
  /// Characters of a code.
  static let codeLimit = 128
  /// Bytes of a form that holds one field.
  static let bodyLimit = 4_096
  static let callTimeout: Duration = .seconds(10)
  private static let service = "/ikso.privacy.v1.NewsletterService/"

  private let gateway: Gateway
  private let route: Routes.Route
  private let request: PlainRequest
  private let code: String
  private let started = ContinuousClock.now
  private var body: [UInt8] = []
  private var isDecided = false

  /// Nil for another path, and where no newsletter is routed.
  init?(_ gateway: Gateway, _ request: PlainRequest) {
    guard request.path.hasPrefix(Self.prefix), let route = gateway.routes.route(path: Self.service)
    else { return nil }
    let code = request.path.dropFirst(Self.prefix.count)
    guard (1...Self.codeLimit).contains(code.utf8.count),
      code.utf8.allSatisfy({ Self.codeCharacters.contains($0) })
    else { return nil }
    (self.gateway, self.route, self.request, self.code) = (gateway, route, request, String(code))
  }

  private static let codeCharacters = Set(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_".utf8)

  private var stream: HTTP2Stream { request.stream }

  func begin() {
    switch request.method {
    case "GET", "HEAD": answer("200", Page.question)
    case "POST":
      guard isForm || isMultipart else { return answer("415", Page.notAForm) }
      if request.requestEnded { decide() } else { stream.expectBody() }
    default: answer("405", Page.notAForm, [HeaderField(name: "allow", value: "GET, HEAD, POST")])
    }
  }

  private var mediaType: String {
    request.contentType.prefix { $0 != ";" }.filter { !$0.isWhitespace }.lowercased()
  }
  private var isForm: Bool { mediaType == "application/x-www-form-urlencoded" }
  private var isMultipart: Bool { mediaType == "multipart/form-data" }

  func dataReceived(_ bytes: UnsafeRawBufferPointer, endStream: Bool) {
    stream.consumed(bytes.count)
    guard !isDecided else { return }
    guard body.count + bytes.count <= Self.bodyLimit else { return answer("413", Page.notAForm) }
    unsafe body += bytes
    if endStream { decide() }
  }

  /// Whether it is the one field that RFC 8058 section 3.2 has posted, in either form.
  private var saysOneClick: Bool {
    let text = String(decoding: body, as: UTF8.self)
    if isForm {
      return text.split { $0 == "&" || $0.isWhitespace }.contains("List-Unsubscribe=One-Click")
    }
    let lines = text.split(whereSeparator: \.isNewline)
    return lines.contains { $0.contains("name=\"List-Unsubscribe\"") }
      && lines.contains { $0.filter { !$0.isWhitespace } == "One-Click" }
  }

  private func decide() {
    guard !isDecided else { return }
    guard saysOneClick else { return answer("400", Page.notAForm) }
    do {
      try gateway.admit(nil)
    } catch {
      return answer("429", Page.later, [HeaderField(name: "retry-after", value: "60")], error)
    }
    isDecided = true
    Task(executorPreference: stream.connection.reactor) { [self] in
      let error = await unsubscribe()
      gateway.leave(nil)
      isDecided = false
      switch error?.code {
      case nil: answer("200", Page.done)
      case .notFound: answer("404", Page.unknown, [], error)
      default:
        answer("503", Page.later, [HeaderField(name: "retry-after", value: "60")], error)
      }
    }
  }

  private func unsubscribe() async -> RPCError? {
    do throws(RPCError) {
      _ = try await NewsletterServiceClient(route.client).unsubscribe(
        .with { $0.code = code }, CallOptions(timeout: Self.callTimeout))
      return nil
    } catch {
      return error
    }
  }

  /// Never cached, never framed, and its address, which holds the code, told to nobody.
  private func answer(
    _ status: String, _ page: Page, _ fields: [HeaderField] = [], _ error: RPCError? = nil
  ) {
    guard !isDecided else { return }
    isDecided = true
    // Without the code.
    gateway.observer.callEnded(
      nil, path: Self.prefix, code: error?.code ?? (status == "200" ? .ok : .invalidArgument),
      duration: .now - started, error: error)
    guard !stream.isClosed else { return }
    var block: HeaderBlock = [
      ":status": status, "content-type": "text/html; charset=utf-8", "cache-control": "no-store",
      "content-security-policy":
        "default-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
      "referrer-policy": "no-referrer", "x-content-type-options": "nosniff",
    ]
    block.fields += fields
    let isHead = request.method == "HEAD"
    stream.send(headers: block, endStream: isHead)
    if !isHead { stream.send(data: Array(page.html.utf8), endStream: true) }
    if !stream.isRemoteEnded { stream.reset(.noError) }
  }

  func headersReceived(_ headers: HeaderBlock, endStream: Bool) {}
  func trailersReceived(_ trailers: HeaderBlock) { if request.method == "POST" { decide() } }
  func streamWritable() {}
  func streamClosed(_ reason: HTTP2CloseReason) {}
}

/// A text in Dutch and English.
private struct Page {
  let dutch: String
  let english: String
  var hasButton = false

  static let question = Page(
    dutch: "Wilt u de nieuwsbrief van IKSO niet meer ontvangen? Uw adres wordt dan gewist.",
    english: "Do you want to receive IKSO's newsletter no more? Your address is then erased.",
    hasButton: true)
  static let done = Page(
    dutch: "U bent afgemeld, en uw adres is gewist.",
    english: "You are unsubscribed, and your address is erased.")
  static let unknown = Page(
    dutch: "Deze link is niet bekend. Gebruik die uit de nieuwsbrief zoals hij daar staat.",
    english: "This link is not known. Use the one in the newsletter as it stands there.")
  static let later = Page(
    dutch: "Dat lukt nu niet. Probeer het over een minuut nog eens.",
    english: "That does not work now. Try it again in a minute.")
  static let notAForm = Page(
    dutch: "Gebruik de knop om u af te melden.", english: "Use the button to unsubscribe.",
    hasButton: true)

  /// It fetches nothing; the button posts to its own address.
  var html: String {
    let button = """
      <form method="post" action=""><input type="hidden" name="List-Unsubscribe" \
      value="One-Click"><button>Afmelden / Unsubscribe</button></form>
      """
    return """
      <!DOCTYPE html>
      <html lang="nl">
      <head><meta charset="utf-8"><title>IKSO</title></head>
      <body>
      <p>\(dutch)</p>
      <p lang="en">\(english)</p>
      \(hasButton ? button : "")
      </body>
      </html>

      """
  }
}
