import Access
import Foundation
import HTTP2
import ProgramSupport
import Reactor
import RPC
import Schemas
import SwiftProtobuf
import Testing
import TLS

/// Which process may call which, past the gateway.
struct PeerTests {
  /// The processes that implement each internal service.
  static let homes: [String: [String]] = [
    "grpc.health.v1.Health": HousePlan.stores,
    "grpc.reflection.v1.ServerReflection": HousePlan.stores,
    "ikso.identity.v1.PersonDeskService": ["identity"],
    "ikso.identity.v1.OrganisationDeskService": ["identity"],
    "ikso.notice.v1.NoticeService": ["identity"],
    "ikso.privacy.v1.AccessIntakeService": ["privacy"],
    "ikso.privacy.v1.OrganisationErasureDeskService": ["privacy"],
    "ikso.privacy.v1.StatementDeskService": ["privacy"],
    "ikso.purpose.v1.PurposeFeedService": ["privacy"],
    "ikso.purpose.v1.TrafficService": ["privacy"],
    "ikso.revocation.v1.RevocationService": ["identity"],
    "ikso.subject.v1.SubjectDataService": ["identity", "feedback", "goals"],
    "ikso.tenant.v1.TenantDataService": ["identity", "feedback", "goals"],
  ]

  /// Every certificate of the house.
  static let peers = HousePlan.stores + ["gateway", "tools"]

  @Test func `every internal service has a home in these tests`() {
    let missing = Samples.internalServices.map(\.name).filter { Self.homes[$0] == nil }
    #expect(missing.isEmpty, "add to PeerTests.homes who implements \(missing)")
  }

  @Test func `the gateway does not know internal services`() async throws {
    let smith = try await TokenSmith.make()
    let member = try await Organisation.make().member("Xander Bos")
    for service in Samples.internalServices where !service.name.hasPrefix("grpc.") {
      for method in service.methods {
        guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
        for options in [CallOptions(), try smith.options([.operator], of: member)] {
          try await expectRefusal(.unimplemented, what: method.descriptor.fullName) {
            try await AnyCall.run(method.descriptor, sample.make(.absent()), options)
          }
        }
      }
    }
  }

  @Test func `an internal method is for the services that its schema lists`() async throws {
    let house = try House.current()
    for service in Samples.internalServices where !service.name.hasPrefix("grpc.") {
      for home in Self.homes[service.name] ?? [] {
        let allowed = try Self.allowedPeers(of: home)
        for method in service.methods {
          guard let sample = Samples.requests[method.descriptor.fullName] else { continue }
          for peer in Self.peers {
            let what = "\(method.descriptor.fullName) at \(home) by \(peer)"
            let isAllowed = method.policy.services.contains(peer) && allowed.contains(peer)
            do {
              try await AnyCall.run(
                method.descriptor, sample.make(.absent()),
                on: house.direct(home, as: peer))
              #expect(isAllowed, "\(what) was answered")
            } catch let error as RPCError {
              #expect(isAllowed == (error.code != .permissionDenied), "\(what): \(error)")
              #expect(
                ![.unauthenticated, .internalError, .unimplemented, .unavailable]
                  .contains(error.code), "\(what): \(error)")
            }
          }
        }
      }
    }
  }

  @Test func `a person's token does not open an internal method`() async throws {
    let member = try await Organisation.make().member("Yara Bos")
    let house = member.organisation.house
    let request = SubjectSubjectRequest.with {
      $0.organisationID = member.organisation.id
      $0.subjectID = member.id
    }
    for home in Self.homes["ikso.subject.v1.SubjectDataService"] ?? [] {
      try await expectRefusal(.permissionDenied, what: home) {
        try await SubjectDataServiceClient(house.direct(home, as: "gateway"))
          .eraseSubject(request, member.options)
      }
    }
    _ = try await house.identity.login(member.login)
  }

  @Test func `a service answers nobody whose certificate is not on its list`() async throws {
    let member = try await Organisation.make().member("Zeno Bos")
    let house = member.organisation.house
    for home in HousePlan.stores {
      let allowed = try Self.allowedPeers(of: home)
      for peer in Self.peers where !allowed.contains(peer) {
        try await expectRefusal(.permissionDenied, peer, what: "\(home) called by \(peer)") {
          try await HealthClient(house.direct(home, as: peer)).check(
            HealthHealthCheckRequest(), member.options)
        }
      }
    }
  }

  @Test func `each process reports its health, and the gateway without a certificate`()
    async throws
  {
    let house = try House.current()
    for home in HousePlan.stores {
      let answer = try await HealthClient(house.direct(home, as: "tools")).check(
        HealthHealthCheckRequest())
      #expect(answer.status == .serving, "\(home)")
    }
    let gateway = try await HealthClient(house.gateway).check(HealthHealthCheckRequest())
    #expect(gateway.status == .serving)
    let watch = try await HealthClient(house.direct("goals", as: "tools")).watch(
      .with { $0.service = "ikso.goals.v1.GoalsService" })
    for try await state in watch {
      #expect(state.status == .serving)
      break
    }
  }

  @Test func `a service refuses the connection of a stranger's or of no certificate`()
    async throws
  {
    let house = try House.current()
    let folder = try ScratchFolder()
    let stranger = try await Self.strangeCertificate(in: folder)
    let contexts = [
      "no certificate": try TLSContext.client(
        trustFile: house.plan.ca, certificateChainFile: nil, privateKeyFile: nil),
      "another authority's": try TLSContext.client(
        trustFile: house.plan.ca, certificateChainFile: stranger.file,
        privateKeyFile: stranger.key),
    ]
    for home in HousePlan.stores {
      for (what, tls) in contexts {
        await #expect(throws: HTTP2Error.self, "\(home) let in \(what)") {
          try await Self.connect(house.endpoint(of: home), tls)
        }
      }
    }
  }

  @Test func `a client refuses a server that another authority vouches for`() async throws {
    let house = try House.current()
    let folder = try ScratchFolder()
    let stranger = try await Self.strangeCertificate(in: folder)
    let tls = try TLSContext.client(
      trustFile: stranger.file, certificateChainFile: nil, privateKeyFile: nil)
    for service in house.plan.services.keys {
      await #expect(throws: HTTP2Error.self, "\(service)") {
        try await Self.connect(house.endpoint(of: service), tls)
      }
    }
  }

  @Test func `clause 21: plaintext is refused everywhere`() async throws {
    let house = try House.current()
    for service in house.plan.services.keys {
      await #expect(throws: HTTP2Error.self, "\(service) speaks in the clear") {
        try await Self.connect(house.endpoint(of: service), nil)
      }
    }
  }

  static func connect(_ endpoint: Endpoint, _ tls: TLSContext?) async throws {
    let reactor = try House.current().reactors.next()
    let connection = try await HTTP2Connector.connect(
      to: endpoint, tls: tls, on: reactor, deadline: .now + .seconds(60))
    reactor.execute { connection.close() }
  }

  static func allowedPeers(of service: String) throws -> Set<String> {
    let settings = try House.current().plan.settings(of: service)
    return Set(settings["peers.allowed"] as? [String] ?? [])
  }

  /// A certificate that claims to be the gateway's, by an authority of its own.
  static func strangeCertificate(
    in folder: ScratchFolder
  ) async throws -> (file: String, key: String) {
    let file = folder.url.appending(path: "stranger.pem").path
    let key = folder.url.appending(path: "stranger.key").path
    let run = try await Child.run(
      URL(filePath: "/usr/bin/openssl"),
      ["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
        "-keyout", key, "-out", file, "-days", "2", "-subj", "/CN=gateway", "-addext",
        "subjectAltName=URI:spiffe://ikso/gateway,DNS:localhost,IP:127.0.0.1"])
    #expect(run.end == .exit(0), "\(run.output)")
    return (file, key)
  }
}
