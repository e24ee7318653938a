// gRPC's interoperability cases (interop-test-descriptions.md) with the C++ library as the client.
//
//   interop_client --target=HOST:PORT [--ca=FILE] [--case=NAME]
#include <grpcpp/grpcpp.h>

#include <cstdio>
#include <fstream>
#include <functional>
#include <map>
#include <memory>
#include <sstream>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "grpc/testing/messages.pb.h"
#include "grpc/testing/test.grpc.pb.h"

// In the library for its own tests: the flags of the message that a call received last.
uint32_t grpc_call_test_only_get_message_flags(grpc_call* call);

namespace grpc {
namespace testing {
// A friend of ClientContext by this name.
class InteropClientContextInspector {
 public:
  static bool WasCompressed(const ClientContext& context) {
    // GRPC_WRITE_INTERNAL_TEST_ONLY_WAS_COMPRESSED
    return (grpc_call_test_only_get_message_flags(context.call_) & 0x40000000u) != 0;
  }
};
}  // namespace testing
}  // namespace grpc

namespace {

using grpc::ClientContext;
using grpc::Status;
using grpc::StatusCode;
using grpc::testing::Empty;
using grpc::testing::InteropClientContextInspector;
using grpc::testing::SimpleRequest;
using grpc::testing::SimpleResponse;
using grpc::testing::StreamingInputCallRequest;
using grpc::testing::StreamingInputCallResponse;
using grpc::testing::StreamingOutputCallRequest;
using grpc::testing::StreamingOutputCallResponse;
using grpc::testing::TestService;

constexpr int kLargeRequest = 271828;
constexpr int kLargeResponse = 314159;
constexpr int kTimeoutSeconds = 60;
const std::vector<int> kRequestSizes = {27182, 8, 1828, 45904};
const std::vector<int> kResponseSizes = {31415, 9, 2653, 58979};
const char kSpecialText[] =
    "\t\ntest with whitespace\r\nand Unicode BMP \xE2\x98\xBA and non-BMP \xF0\x9F\x98\x88\t\n";

struct Failed : std::runtime_error {
  using std::runtime_error::runtime_error;
};

template <typename A, typename B>
void Expect(const A& actual, const B& wanted, const std::string& what) {
  if (actual == wanted) return;
  std::ostringstream text;
  text << what << " is " << actual << ", not " << wanted;
  throw Failed(text.str());
}

void ExpectOK(const Status& status) {
  if (status.ok()) return;
  throw Failed("status " + std::to_string(status.error_code()) + ": " + status.error_message());
}

// With a deadline, so that no case hangs.
struct Context : ClientContext {
  Context() {
    set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(kTimeoutSeconds));
  }
};

class Client {
 public:
  explicit Client(std::function<std::shared_ptr<grpc::Channel>()> connect)
      : connect_(std::move(connect)), channel_(connect_()), stub_(TestService::NewStub(channel_)) {}

  void EmptyUnary() {
    Context context;
    Empty request, response;
    ExpectOK(stub_->EmptyCall(&context, request, &response));
    Expect(response.ByteSizeLong(), 0u, "size");
  }

  void LargeUnary() {
    Context context;
    Unary(&context, Large());
  }

  void ClientCompressedUnary() {
    SimpleRequest request = Large();
    request.mutable_expect_compressed()->set_value(true);
    {
      Context context;
      SimpleResponse response;
      Status status = stub_->UnaryCall(&context, request, &response);
      Expect(status.error_code(), StatusCode::INVALID_ARGUMENT, "status of the probe");
    }
    {
      Context context;
      context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
      Unary(&context, request);
    }
    request.mutable_expect_compressed()->set_value(false);
    Context context;
    Unary(&context, request);
  }

  void ServerCompressedUnary() {
    for (bool on : {true, false}) {
      SimpleRequest request = Large();
      request.mutable_response_compressed()->set_value(on);
      Context context;
      Unary(&context, request);
      Expect(InteropClientContextInspector::WasCompressed(context), on, "compressed");
    }
  }

  void ClientStreaming() {
    Context context;
    StreamingInputCallResponse response;
    auto writer = stub_->StreamingInputCall(&context, &response);
    for (int size : kRequestSizes) {
      StreamingInputCallRequest request;
      request.mutable_payload()->set_body(std::string(size, '\0'));
      if (!writer->Write(request)) break;
    }
    writer->WritesDone();
    ExpectOK(writer->Finish());
    Expect(response.aggregated_payload_size(), 74922, "sum");
  }

  void ClientCompressedStreaming() {
    StreamingInputCallRequest compressed, plain;
    compressed.mutable_expect_compressed()->set_value(true);
    compressed.mutable_payload()->set_body(std::string(27182, '\0'));
    plain.mutable_expect_compressed()->set_value(false);
    plain.mutable_payload()->set_body(std::string(45904, '\0'));
    grpc::WriteOptions uncompressed;
    uncompressed.set_no_compression();
    {
      Context context;
      context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
      StreamingInputCallResponse response;
      auto writer = stub_->StreamingInputCall(&context, &response);
      writer->Write(compressed, uncompressed);
      writer->WritesDone();
      Expect(writer->Finish().error_code(), StatusCode::INVALID_ARGUMENT, "status of the probe");
    }
    Context context;
    context.set_compression_algorithm(GRPC_COMPRESS_GZIP);
    StreamingInputCallResponse response;
    auto writer = stub_->StreamingInputCall(&context, &response);
    writer->Write(compressed);
    writer->Write(plain, uncompressed);
    writer->WritesDone();
    ExpectOK(writer->Finish());
    Expect(response.aggregated_payload_size(), 73086, "sum");
  }

  void ServerStreaming() {
    Context context;
    auto reader = stub_->StreamingOutputCall(&context, Outputs(kResponseSizes));
    ExpectSizes(reader.get(), kResponseSizes);
    ExpectOK(reader->Finish());
  }

  void ServerCompressedStreaming() {
    StreamingOutputCallRequest request = Outputs({31415, 92653});
    request.mutable_response_parameters(0)->mutable_compressed()->set_value(true);
    request.mutable_response_parameters(1)->mutable_compressed()->set_value(false);
    Context context;
    auto reader = stub_->StreamingOutputCall(&context, request);
    StreamingOutputCallResponse response;
    for (const auto& parameters : request.response_parameters()) {
      Expect(reader->Read(&response), true, "a response");
      Expect(response.payload().body().size(), std::size_t(parameters.size()), "size");
      Expect(InteropClientContextInspector::WasCompressed(context),
             parameters.compressed().value(), "compressed");
    }
    Expect(reader->Read(&response), false, "another response");
    ExpectOK(reader->Finish());
  }

  void PingPong() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    StreamingOutputCallResponse response;
    for (std::size_t i = 0; i < kRequestSizes.size(); ++i) {
      Expect(stream->Write(Outputs({kResponseSizes[i]}, kRequestSizes[i])), true, "a request");
      Expect(stream->Read(&response), true, "a response");
      Expect(response.payload().body().size(), std::size_t(kResponseSizes[i]), "size");
    }
    stream->WritesDone();
    Expect(stream->Read(&response), false, "another response");
    ExpectOK(stream->Finish());
  }

  void EmptyStream() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->WritesDone();
    StreamingOutputCallResponse response;
    Expect(stream->Read(&response), false, "a response");
    ExpectOK(stream->Finish());
  }

  void HalfDuplex() {
    Context context;
    auto stream = stub_->HalfDuplexCall(&context);
    for (int size : kResponseSizes) stream->Write(Outputs({size}));
    stream->WritesDone();
    ExpectSizes(stream.get(), kResponseSizes);
    ExpectOK(stream->Finish());
  }

  void SlowConsumer() {
    constexpr int kCount = 2000;
    Context context;
    auto reader = stub_->StreamingOutputCall(&context, Outputs(std::vector<int>(kCount, 1030)));
    StreamingOutputCallResponse response;
    int count = 0;
    while (reader->Read(&response)) {
      Expect(response.payload().body().size(), 1030u, "size");
      if (++count % 100 == 0) std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    Expect(count, kCount, "responses");
    ExpectOK(reader->Finish());
  }

  void CancelAfterBegin() {
    Context context;
    StreamingInputCallResponse response;
    auto writer = stub_->StreamingInputCall(&context, &response);
    context.TryCancel();
    Expect(writer->Finish().error_code(), StatusCode::CANCELLED, "status");
  }

  void CancelAfterFirstResponse() {
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(Outputs({31415}, 27182));
    StreamingOutputCallResponse response;
    Expect(stream->Read(&response), true, "a response");
    context.TryCancel();
    Expect(stream->Finish().error_code(), StatusCode::CANCELLED, "status");
  }

  void TimeoutOnSleepingServer() {
    ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::milliseconds(50));
    auto stream = stub_->FullDuplexCall(&context);
    StreamingOutputCallRequest request = Outputs({31415}, 27182);
    request.mutable_response_parameters(0)->set_interval_us(60000000);
    stream->Write(request);
    Expect(stream->Finish().error_code(), StatusCode::DEADLINE_EXCEEDED, "status");
  }

  void StatusCodeAndMessage() { EchoedStatus("test status message", true); }

  void SpecialStatusMessage() { EchoedStatus(kSpecialText, false); }

  void UnimplementedMethod() {
    Context context;
    Empty request, response;
    Status status = stub_->UnimplementedCall(&context, request, &response);
    Expect(status.error_code(), StatusCode::UNIMPLEMENTED, "status");
  }

  void UnimplementedService() {
    auto stub = grpc::testing::UnimplementedService::NewStub(channel_);
    Context context;
    Empty request, response;
    Status status = stub->UnimplementedCall(&context, request, &response);
    Expect(status.error_code(), StatusCode::UNIMPLEMENTED, "status");
  }

  void CustomMetadata() {
    {
      Context context;
      AddMetadata(&context);
      Unary(&context, Large());
      ExpectMetadata(context);
    }
    Context context;
    AddMetadata(&context);
    auto stream = stub_->FullDuplexCall(&context);
    stream->Write(Outputs({kLargeResponse}, kLargeRequest));
    stream->WritesDone();
    ExpectSizes(stream.get(), {kLargeResponse});
    ExpectOK(stream->Finish());
    ExpectMetadata(context);
  }

  void RPCSoak() {
    for (int i = 0; i < 100; ++i) LargeUnary();
  }

  void ChannelSoak() {
    for (int i = 0; i < 20; ++i) Client(connect_).LargeUnary();
  }

 private:
  static SimpleRequest Large() {
    SimpleRequest request;
    request.set_response_size(kLargeResponse);
    request.mutable_payload()->set_body(std::string(kLargeRequest, '\0'));
    return request;
  }

  static StreamingOutputCallRequest Outputs(const std::vector<int>& sizes, int payload = 0) {
    StreamingOutputCallRequest request;
    for (int size : sizes) request.add_response_parameters()->set_size(size);
    if (payload > 0) request.mutable_payload()->set_body(std::string(payload, '\0'));
    return request;
  }

  void Unary(ClientContext* context, const SimpleRequest& request) {
    SimpleResponse response;
    ExpectOK(stub_->UnaryCall(context, request, &response));
    Expect(response.payload().body() == std::string(kLargeResponse, '\0'), true, "zeros");
  }

  template <typename Reader>
  static void ExpectSizes(Reader* reader, const std::vector<int>& sizes) {
    StreamingOutputCallResponse response;
    for (int size : sizes) {
      Expect(reader->Read(&response), true, "a response");
      Expect(response.payload().body().size(), std::size_t(size), "size");
    }
    Expect(reader->Read(&response), false, "another response");
  }

  static void ExpectStatus(const Status& status, const std::string& text) {
    Expect(status.error_code(), StatusCode::UNKNOWN, "status");
    Expect(status.error_message(), text, "message");
  }

  void EchoedStatus(const std::string& text, bool onStreamToo) {
    SimpleRequest request;
    request.mutable_response_status()->set_code(StatusCode::UNKNOWN);
    request.mutable_response_status()->set_message(text);
    Context unary;
    SimpleResponse response;
    ExpectStatus(stub_->UnaryCall(&unary, request, &response), text);
    if (!onStreamToo) return;
    Context context;
    auto stream = stub_->FullDuplexCall(&context);
    StreamingOutputCallRequest first;
    *first.mutable_response_status() = request.response_status();
    stream->Write(first);
    stream->WritesDone();
    StreamingOutputCallResponse output;
    Expect(stream->Read(&output), false, "a response");
    ExpectStatus(stream->Finish(), text);
  }

  static void AddMetadata(ClientContext* context) {
    context->AddMetadata("x-grpc-test-echo-initial", "test_initial_metadata_value");
    context->AddMetadata("x-grpc-test-echo-trailing-bin", "\xab\xab\xab");
  }

  static void ExpectMetadata(const ClientContext& context) {
    auto initial = context.GetServerInitialMetadata().find("x-grpc-test-echo-initial");
    Expect(initial != context.GetServerInitialMetadata().end(), true, "initial metadata");
    Expect(initial->second, "test_initial_metadata_value", "initial metadata");
    auto trailing = context.GetServerTrailingMetadata().find("x-grpc-test-echo-trailing-bin");
    Expect(trailing != context.GetServerTrailingMetadata().end(), true, "trailing metadata");
    Expect(trailing->second, "\xab\xab\xab", "trailing metadata");
  }

  std::function<std::shared_ptr<grpc::Channel>()> connect_;
  std::shared_ptr<grpc::Channel> channel_;
  std::unique_ptr<TestService::Stub> stub_;
};

const std::vector<std::pair<std::string, void (Client::*)()>> kCases = {
    {"empty_unary", &Client::EmptyUnary},
    {"large_unary", &Client::LargeUnary},
    {"client_compressed_unary", &Client::ClientCompressedUnary},
    {"server_compressed_unary", &Client::ServerCompressedUnary},
    {"client_streaming", &Client::ClientStreaming},
    {"client_compressed_streaming", &Client::ClientCompressedStreaming},
    {"server_streaming", &Client::ServerStreaming},
    {"server_compressed_streaming", &Client::ServerCompressedStreaming},
    {"ping_pong", &Client::PingPong},
    {"empty_stream", &Client::EmptyStream},
    {"half_duplex", &Client::HalfDuplex},
    {"slow_consumer", &Client::SlowConsumer},
    {"cancel_after_begin", &Client::CancelAfterBegin},
    {"cancel_after_first_response", &Client::CancelAfterFirstResponse},
    {"timeout_on_sleeping_server", &Client::TimeoutOnSleepingServer},
    {"status_code_and_message", &Client::StatusCodeAndMessage},
    {"special_status_message", &Client::SpecialStatusMessage},
    {"unimplemented_method", &Client::UnimplementedMethod},
    {"unimplemented_service", &Client::UnimplementedService},
    {"custom_metadata", &Client::CustomMetadata},
    {"rpc_soak", &Client::RPCSoak},
    {"channel_soak", &Client::ChannelSoak},
};

}  // namespace

int main(int argc, char** argv) {
  std::map<std::string, std::string> options;
  for (int i = 1; i < argc; ++i) {
    std::string argument = argv[i];
    std::size_t equals = argument.find('=');
    if (argument.rfind("--", 0) != 0 || equals == std::string::npos) {
      std::fprintf(stderr, "usage: %s --target=HOST:PORT [--ca=FILE] [--case=NAME]\n", argv[0]);
      return 64;
    }
    options[argument.substr(2, equals - 2)] = argument.substr(equals + 1);
  }
  auto connect = [&options] {
    grpc::ChannelArguments arguments;
    arguments.SetInt("grpc.use_local_subchannel_pool", 1);
    if (options["ca"].empty()) {
      return grpc::CreateCustomChannel(
          options["target"], grpc::InsecureChannelCredentials(), arguments);
    }
    std::ifstream file(options["ca"]);
    std::ostringstream pem;
    pem << file.rdbuf();
    grpc::SslCredentialsOptions ssl;
    ssl.pem_root_certs = pem.str();
    arguments.SetSslTargetNameOverride("foo.test.google.fr");
    return grpc::CreateCustomChannel(options["target"], grpc::SslCredentials(ssl), arguments);
  };
  Client client(connect);
  int passed = 0, failed = 0;
  for (const auto& entry : kCases) {
    if (!options["case"].empty() && options["case"] != entry.first) continue;
    try {
      (client.*entry.second)();
      std::printf("PASS %s\n", entry.first.c_str());
      ++passed;
    } catch (const std::exception& error) {
      std::printf("FAIL %s %s\n", entry.first.c_str(), error.what());
      ++failed;
    }
    std::fflush(stdout);
  }
  std::printf("%d passed, %d failed\n", passed, failed);
  return failed == 0 && passed > 0 ? 0 : 1;
}
