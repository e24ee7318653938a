import Cryptography
import Foundation
import HTTP2
import ProgramSupport
import Testing

/// Pages of other origins: what the gateway tells a browser, and Debian's Chromium for one.
struct BrowserTests {
  private static let list = "ikso.goals.v1.GoalsService/ListGoals"
  private static let page = "https://app.example.com"

  /// A gateway of the test's own that lets pages of `origin` call.
  private func gateway(_ origin: String, goals: OwnService? = nil) async throws -> OwnService {
    try await OwnService.start("gateway") { settings in
      settings["cors.allowedOrigins"] = [origin]
      if let goals { settings["peers.goals"] = goals.endpoint.description }
    }
  }

  @Test func `a page may call where its origin is allowed, and nowhere else`() async throws {
    let own = try await gateway(Self.page)
    let open = Curl.at(own.endpoint.description, "the gateway that allows it")
    let allowed = try await open.preflight(Self.list, from: Self.page)
    #expect(allowed.status == 204, "\(allowed)")
    #expect(allowed["access-control-allow-origin"] == Self.page)
    #expect(allowed["access-control-allow-methods"] == "GET, POST")
    #expect(allowed["access-control-allow-headers"] == "authorization,content-type")
    let stranger = try await open.preflight(Self.list, from: "https://app.example.com.evil.org")
    #expect(stranger.status == 403, "\(stranger)")
    #expect(stranger["access-control-allow-origin"] == nil)

    let answer = try await open.post(Self.list, json: "{}", ["origin: \(Self.page)"])
    #expect(answer.status == 401, "\(answer)")
    #expect(answer["access-control-allow-origin"] == Self.page && answer["vary"] == "origin")
    let other = try await open.post(Self.list, json: "{}", ["origin: https://evil.org"])
    #expect(other["access-control-allow-origin"] == nil && other["vary"] == "origin")

    let closed = try await Curl.gateway().preflight(Self.list, from: Self.page)
    #expect(closed.status == 405, "\(closed)")
    let shut = try await Curl.gateway().post(Self.list, json: "{}", ["origin: \(Self.page)"])
    #expect(shut.status == 401)
    for answer in [closed, shut] {
      #expect(!answer.fields.contains { $0.name.hasPrefix("access-control-") }, "\(answer)")
    }
  }

  @Test func `the origin is answered once, though the service behind has a list too`()
    async throws
  {
    let goals = try await OwnService.start("goals") { settings in
      settings["cors.allowedOrigins"] = [Self.page]
    }
    let own = try await gateway(Self.page, goals: goals)
    let answer = try await Curl.at(own.endpoint.description, "the gateway").post(
      Self.list, json: "{}", ["origin: \(Self.page)"])
    #expect(answer.status == 401, "\(answer)")
    let origins = answer.fields.filter { $0.name == "access-control-allow-origin" }
    #expect(origins.map(\.value) == [Self.page], "\(answer)")
  }

  @Test func `Chromium calls with fetch: Connect in JSON, by GET too, and gRPC-Web`()
    async throws
  {
    let member = try await Organisation.make().member("Bowi Netwerk")
    let site = try await Site.start()
    let own = try await gateway(site.origin)
    let page = [
      "gateway": "https://\(own.endpoint)", "organisation": member.organisation.id,
      "email": member.email, "password": member.password, "dueOn": Samples.day(30),
    ]
    let outcome = try await site.open(page)
    #expect(outcome["failure"] == nil, "\(outcome)")
    #expect(outcome["person"] == member.id)
    #expect(outcome["made"] == "Vanuit de browser – 🌷")
    #expect(outcome["got"] == "Vanuit de browser – 🌷")
    #expect(outcome["web"] == "0, 128: grpc-status: 0")
    #expect(outcome["refused"] == "401 unauthenticated Bearer")
    #expect(outcome["requestID"]?.isEmpty == false)

    // The same page by another name is of another origin.
    let stranger = try await site.open(page, host: "localhost")
    #expect(stranger["failure"] == "TypeError: Failed to fetch", "\(stranger)")
    var usual = page
    usual["gateway"] = "https://\(member.organisation.house.plan.gateway)"
    #expect(try await site.open(usual)["failure"] == "TypeError: Failed to fetch")
  }
}

/// A web server with one page, and Chromium to open it.
private struct Site {
  let server: Child
  let port: String
  private let folder: ScratchFolder

  var origin: String { "http://127.0.0.1:\(port)" }

  static func start() async throws -> Site {
    let folder = try ScratchFolder()
    _ = try folder.write("page.html", page.utf8)
    let server = try Child(
      URL(filePath: "/usr/bin/python3"),
      ["-u", "-m", "http.server", "0", "--bind", "127.0.0.1", "--directory", folder.url.path])
    for await line in server.lines {
      // "Serving HTTP on 127.0.0.1 port 40123 (http://127.0.0.1:40123/) ..."
      guard let match = line.firstMatch(of: /port (\d+)/) else { continue }
      return Site(server: server, port: String(match.output.1), folder: folder)
    }
    throw HouseMissing("python3 -m http.server does not serve")
  }

  /// Opens the page and returns what it found, by name.
  func open(
    _ parameters: [String: String], host: String = "127.0.0.1"
  ) async throws -> [String: String] {
    let plan = Base64URL.encode([UInt8](try JSONEncoder().encode(parameters)))
    let profile = folder.url.appending(path: UUID().uuidString).path
    let run = try await Child.run(
      URL(filePath: "/usr/bin/chromium"),
      ["--headless=new", "--no-sandbox", "--disable-gpu", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync",
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
        "--user-data-dir=\(profile)", "--virtual-time-budget=60000",
        "--ignore-certificate-errors-spki-list=\(try await Self.keyHash())",
        "--dump-dom", "http://\(host):\(port)/page.html#\(plan)"])
    let match = try #require(run.output.firstMatch(of: /<pre>([\w-]+)<\/pre>/), "\(run.output)")
    let found = try Base64URL.decode(String(match.output.1))
    return try JSONDecoder().decode([String: String].self, from: Data(found))
  }

  /// By which Chromium knows the gateway's key, whoever vouches for it.
  private static func keyHash() async throws -> String {
    let certificate = try House.current().plan.process("gateway").certificate
    let pipeline = """
      openssl x509 -in "$0" -pubkey -noout | openssl pkey -pubin -outform der |
        openssl dgst -sha256 -binary | openssl base64
      """
    return try await Child.run(
      URL(filePath: "/bin/sh"), ["-c", pipeline, certificate]
    ).output
  }

  /// Signs in, makes a goal, reads it back by GET and by gRPC-Web, and calls without a token.
  private static let page = """
    <!doctype html><meta charset="utf-8"><title>IKSO</title><pre></pre><script>
    const encode = text => btoa(String.fromCharCode(...new TextEncoder().encode(text)))
      .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")
    const decode = text => new TextDecoder().decode(Uint8Array.from(
      atob(text.replaceAll("-", "+").replaceAll("_", "/")), c => c.charCodeAt(0)))
    const plan = JSON.parse(decode(location.hash.slice(1)))
    const goals = plan.gateway + "/ikso.goals.v1.GoalsService/"
    const post = (url, type, body, more) => fetch(url,
      {method: "POST", headers: {"content-type": type, ...more}, body})
    const json = (url, body, more) => post(url, "application/json", JSON.stringify(body), more)

    function frames(bytes) {
      const found = []
      for (let at = 0; at < bytes.length;) {
        const size = new DataView(bytes.buffer).getUint32(at + 1)
        found.push([bytes[at], bytes.slice(at + 5, at + 5 + size)])
        at += 5 + size
      }
      return found
    }

    async function calls(found) {
      const login = await json(plan.gateway + "/ikso.identity.v1.IdentityService/Login",
        {organisationId: plan.organisation, email: plan.email, password: plan.password})
      const session = await login.json()
      found.person = session.personId
      const bearer = {authorization: "Bearer " + session.accessToken}
      const goal = {title: "Vanuit de browser – 🌷", why: "x", measure: "y", dueOn: plan.dueOn}
      found.made = (await (await json(goals + "CreateGoal", goal, bearer)).json()).title
      const query = new URLSearchParams({connect: "v1", encoding: "json", message: "{}"})
      const got = await fetch(goals + "ListGoals?" + query, {headers: bearer})
      found.got = (await got.json()).goals.map(goal => goal.title).join()
      const web = await post(goals + "ListGoals", "application/grpc-web+proto",
        new Uint8Array(5), bearer)
      const [message, end] = frames(new Uint8Array(await web.arrayBuffer()))
      found.web = message[0] + ", " + end[0] + ": " + new TextDecoder().decode(end[1]).trim()
      const refused = await json(goals + "ListGoals", {})
      found.refused = refused.status + " " + (await refused.json()).code + " " +
        refused.headers.get("www-authenticate")
      found.requestID = refused.headers.get("x-request-id")
    }

    const found = {}
    calls(found).catch(error => found.failure = String(error)).then(() =>
      document.querySelector("pre").textContent = encode(JSON.stringify(found)))
    </script>
    """
}
