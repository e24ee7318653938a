// Command interop_client runs gRPC's interoperability cases (interop-test-descriptions.md) with
// the Go library as the client.
//
//	interop_client -target HOST:PORT [-ca FILE] [-case NAME]
package main

import (
	"bytes"
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"time"

	testing "grpc/testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/encoding/gzip"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/stats"
	"google.golang.org/grpc/status"
)

const (
	timeout       = 60 * time.Second
	largeRequest  = 271828
	largeResponse = 314159
	initialName   = "x-grpc-test-echo-initial"
	initialValue  = "test_initial_metadata_value"
	trailingName  = "x-grpc-test-echo-trailing-bin"
	trailingValue = "\xab\xab\xab"
	specialText   = "\t\ntest with whitespace\r\nand Unicode BMP ☺ and non-BMP 😈\t\n"
)

var (
	requestSizes  = []int{27182, 8, 1828, 45904}
	responseSizes = []int{31415, 9, 2653, 58979}
)

// wire notes of each message that comes in whether it was shorter on the wire than it is.
type wire struct{ compressed []bool }

func (w *wire) TagRPC(c context.Context, _ *stats.RPCTagInfo) context.Context   { return c }
func (w *wire) TagConn(c context.Context, _ *stats.ConnTagInfo) context.Context { return c }
func (w *wire) HandleConn(context.Context, stats.ConnStats)                     {}
func (w *wire) HandleRPC(_ context.Context, s stats.RPCStats) {
	if in, ok := s.(*stats.InPayload); ok {
		w.compressed = append(w.compressed, in.WireLength < in.Length)
	}
}

// failure is what a case panics with.
type failure string

func expect(actual, wanted interface{}, what string) {
	if actual != wanted {
		panic(failure(fmt.Sprintf("%s is %v, not %v", what, actual, wanted)))
	}
}

func ok(err error) {
	if err != nil {
		panic(failure(err.Error()))
	}
}

func code(err error) codes.Code { return status.Code(err) }

type client struct {
	connect func() *grpc.ClientConn
	wire    *wire
	conn    *grpc.ClientConn
	stub    testing.TestServiceClient
	ctx     context.Context
}

func payload(size int) *testing.Payload { return &testing.Payload{Body: make([]byte, size)} }

func flagged(on bool) *testing.BoolValue { return &testing.BoolValue{Value: on} }

func large() *testing.SimpleRequest {
	return &testing.SimpleRequest{ResponseSize: largeResponse, Payload: payload(largeRequest)}
}

func outputs(payloadSize int, sizes ...int) *testing.StreamingOutputCallRequest {
	request := &testing.StreamingOutputCallRequest{Payload: payload(payloadSize)}
	for _, size := range sizes {
		request.ResponseParameters = append(
			request.ResponseParameters, &testing.ResponseParameters{Size: int32(size)})
	}
	return request
}

func (c *client) unary(request *testing.SimpleRequest, options ...grpc.CallOption) {
	response, err := c.stub.UnaryCall(c.ctx, request, options...)
	ok(err)
	expect(bytes.Equal(response.Payload.Body, make([]byte, largeResponse)), true, "zeros")
}

type receiver interface {
	Recv() (*testing.StreamingOutputCallResponse, error)
}

func receive(stream receiver, sizes ...int) {
	for _, size := range sizes {
		response, err := stream.Recv()
		ok(err)
		expect(len(response.Payload.Body), size, "size")
	}
	_, err := stream.Recv()
	expect(err, io.EOF, "the end")
}

func (c *client) emptyUnary() {
	_, err := c.stub.EmptyCall(c.ctx, &testing.Empty{})
	ok(err)
}

func (c *client) largeUnary() { c.unary(large()) }

func (c *client) clientCompressedUnary() {
	request := large()
	request.ExpectCompressed = flagged(true)
	_, err := c.stub.UnaryCall(c.ctx, request)
	expect(code(err), codes.InvalidArgument, "status of the probe")
	c.unary(request, grpc.UseCompressor(gzip.Name))
	request.ExpectCompressed = flagged(false)
	c.unary(request)
}

// The library says only with a compressed request that it reads gzip.
func (c *client) serverCompressedUnary() {
	for _, on := range []bool{true, false} {
		request := large()
		request.ResponseCompressed = flagged(on)
		c.wire.compressed = nil
		c.unary(request, grpc.UseCompressor(gzip.Name))
		expect(c.wire.compressed[0], on, "compressed")
	}
}

func (c *client) upload(wanted *testing.BoolValue, sizes []int, options ...grpc.CallOption) (
	*testing.StreamingInputCallResponse, error) {
	stream, err := c.stub.StreamingInputCall(c.ctx, options...)
	ok(err)
	for _, size := range sizes {
		request := &testing.StreamingInputCallRequest{
			Payload: payload(size), ExpectCompressed: wanted}
		if stream.Send(request) != nil {
			break
		}
	}
	return stream.CloseAndRecv()
}

func (c *client) clientStreaming() {
	response, err := c.upload(nil, requestSizes)
	ok(err)
	expect(response.AggregatedPayloadSize, int32(74922), "sum")
}

// The library compresses all messages of a call or none: the two halves are calls.
func (c *client) clientCompressedStreaming() {
	sizes := []int{27182, 45904}
	_, err := c.upload(flagged(true), sizes)
	expect(code(err), codes.InvalidArgument, "status of the probe")
	response, err := c.upload(flagged(true), sizes, grpc.UseCompressor(gzip.Name))
	ok(err)
	expect(response.AggregatedPayloadSize, int32(73086), "sum")
	response, err = c.upload(flagged(false), sizes)
	ok(err)
	expect(response.AggregatedPayloadSize, int32(73086), "sum")
}

func (c *client) serverStreaming() {
	stream, err := c.stub.StreamingOutputCall(c.ctx, outputs(0, responseSizes...))
	ok(err)
	receive(stream, responseSizes...)
}

func (c *client) serverCompressedStreaming() {
	request := outputs(0, 31415, 92653)
	request.ResponseParameters[0].Compressed = flagged(true)
	request.ResponseParameters[1].Compressed = flagged(false)
	c.wire.compressed = nil
	stream, err := c.stub.StreamingOutputCall(c.ctx, request, grpc.UseCompressor(gzip.Name))
	ok(err)
	receive(stream, 31415, 92653)
	expect(fmt.Sprint(c.wire.compressed), "[true false]", "compressed")
}

func (c *client) pingPong() {
	stream, err := c.stub.FullDuplexCall(c.ctx)
	ok(err)
	for i, size := range requestSizes {
		ok(stream.Send(outputs(size, responseSizes[i])))
		response, err := stream.Recv()
		ok(err)
		expect(len(response.Payload.Body), responseSizes[i], "size")
	}
	ok(stream.CloseSend())
	receive(stream)
}

func (c *client) emptyStream() {
	stream, err := c.stub.FullDuplexCall(c.ctx)
	ok(err)
	ok(stream.CloseSend())
	receive(stream)
}

func (c *client) halfDuplex() {
	stream, err := c.stub.HalfDuplexCall(c.ctx)
	ok(err)
	for _, size := range responseSizes {
		ok(stream.Send(outputs(0, size)))
	}
	ok(stream.CloseSend())
	receive(stream, responseSizes...)
}

func (c *client) slowConsumer() {
	sizes := make([]int, 2000)
	for i := range sizes {
		sizes[i] = 1030
	}
	stream, err := c.stub.StreamingOutputCall(c.ctx, outputs(0, sizes...))
	ok(err)
	for i := range sizes {
		response, err := stream.Recv()
		ok(err)
		expect(len(response.Payload.Body), 1030, "size")
		if i%100 == 0 {
			time.Sleep(20 * time.Millisecond)
		}
	}
	receive(stream)
}

func (c *client) cancelAfterBegin() {
	ctx, cancel := context.WithCancel(c.ctx)
	stream, err := c.stub.StreamingInputCall(ctx)
	ok(err)
	cancel()
	_, err = stream.CloseAndRecv()
	expect(code(err), codes.Canceled, "status")
}

func (c *client) cancelAfterFirstResponse() {
	ctx, cancel := context.WithCancel(c.ctx)
	stream, err := c.stub.FullDuplexCall(ctx)
	ok(err)
	ok(stream.Send(outputs(27182, 31415)))
	_, err = stream.Recv()
	ok(err)
	cancel()
	_, err = stream.Recv()
	expect(code(err), codes.Canceled, "status")
}

func (c *client) timeoutOnSleepingServer() {
	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	stream, err := c.stub.FullDuplexCall(ctx)
	ok(err)
	request := outputs(27182, 31415)
	request.ResponseParameters[0].IntervalUs = 60000000
	ok(stream.Send(request))
	_, err = stream.Recv()
	expect(code(err), codes.DeadlineExceeded, "status")
}

func (c *client) echoedStatus(text string) {
	wanted := &testing.EchoStatus{Code: int32(codes.Unknown), Message: text}
	_, err := c.stub.UnaryCall(c.ctx, &testing.SimpleRequest{ResponseStatus: wanted})
	expect(code(err), codes.Unknown, "status")
	expect(status.Convert(err).Message(), text, "message")
	stream, err := c.stub.FullDuplexCall(c.ctx)
	ok(err)
	ok(stream.Send(&testing.StreamingOutputCallRequest{ResponseStatus: wanted}))
	ok(stream.CloseSend())
	_, err = stream.Recv()
	expect(code(err), codes.Unknown, "status")
	expect(status.Convert(err).Message(), text, "message")
}

func (c *client) statusCodeAndMessage() { c.echoedStatus("test status message") }

func (c *client) specialStatusMessage() { c.echoedStatus(specialText) }

func (c *client) unimplementedMethod() {
	_, err := c.stub.UnimplementedCall(c.ctx, &testing.Empty{})
	expect(code(err), codes.Unimplemented, "status")
}

func (c *client) unimplementedService() {
	stub := testing.NewUnimplementedServiceClient(c.conn)
	_, err := stub.UnimplementedCall(c.ctx, &testing.Empty{})
	expect(code(err), codes.Unimplemented, "status")
}

func expectMetadata(initial, trailing metadata.MD) {
	expect(fmt.Sprint(initial.Get(initialName)), "["+initialValue+"]", "initial metadata")
	expect(fmt.Sprint(trailing.Get(trailingName)), "["+trailingValue+"]", "trailing metadata")
}

func (c *client) customMetadata() {
	ctx := metadata.AppendToOutgoingContext(
		c.ctx, initialName, initialValue, trailingName, trailingValue)
	var initial, trailing metadata.MD
	_, err := c.stub.UnaryCall(ctx, large(), grpc.Header(&initial), grpc.Trailer(&trailing))
	ok(err)
	expectMetadata(initial, trailing)
	stream, err := c.stub.FullDuplexCall(ctx)
	ok(err)
	ok(stream.Send(outputs(largeRequest, largeResponse)))
	ok(stream.CloseSend())
	receive(stream, largeResponse)
	initial, err = stream.Header()
	ok(err)
	expectMetadata(initial, stream.Trailer())
}

func (c *client) rpcSoak() {
	for i := 0; i < 100; i++ {
		c.largeUnary()
	}
}

func (c *client) channelSoak() {
	for i := 0; i < 20; i++ {
		other := *c
		other.conn = c.connect()
		other.stub = testing.NewTestServiceClient(other.conn)
		other.largeUnary()
		ok(other.conn.Close())
	}
}

var cases = []struct {
	name string
	run  func(*client)
}{
	{"empty_unary", (*client).emptyUnary},
	{"large_unary", (*client).largeUnary},
	{"client_compressed_unary", (*client).clientCompressedUnary},
	{"server_compressed_unary", (*client).serverCompressedUnary},
	{"client_streaming", (*client).clientStreaming},
	{"client_compressed_streaming", (*client).clientCompressedStreaming},
	{"server_streaming", (*client).serverStreaming},
	{"server_compressed_streaming", (*client).serverCompressedStreaming},
	{"ping_pong", (*client).pingPong},
	{"empty_stream", (*client).emptyStream},
	{"half_duplex", (*client).halfDuplex},
	{"slow_consumer", (*client).slowConsumer},
	{"cancel_after_begin", (*client).cancelAfterBegin},
	{"cancel_after_first_response", (*client).cancelAfterFirstResponse},
	{"timeout_on_sleeping_server", (*client).timeoutOnSleepingServer},
	{"status_code_and_message", (*client).statusCodeAndMessage},
	{"special_status_message", (*client).specialStatusMessage},
	{"unimplemented_method", (*client).unimplementedMethod},
	{"unimplemented_service", (*client).unimplementedService},
	{"custom_metadata", (*client).customMetadata},
	{"rpc_soak", (*client).rpcSoak},
	{"channel_soak", (*client).channelSoak},
}

// attempt runs a case and returns why it failed, empty if it did not.
func attempt(c *client, run func(*client)) (reason string) {
	defer func() {
		if problem := recover(); problem != nil {
			reason = fmt.Sprint(problem)
		}
	}()
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	c.ctx = ctx
	run(c)
	return ""
}

func main() {
	target := flag.String("target", "", "host:port of the server")
	ca := flag.String("ca", "", "PEM file; the server speaks TLS")
	only := flag.String("case", "", "only this one")
	flag.Parse()
	c := &client{wire: &wire{}}
	c.connect = func() *grpc.ClientConn {
		options := []grpc.DialOption{grpc.WithStatsHandler(c.wire)}
		if *ca == "" {
			options = append(options, grpc.WithInsecure())
		} else {
			tls, err := credentials.NewClientTLSFromFile(*ca, "foo.test.google.fr")
			ok(err)
			options = append(options, grpc.WithTransportCredentials(tls))
		}
		conn, err := grpc.Dial(*target, options...)
		ok(err)
		return conn
	}
	c.conn = c.connect()
	c.stub = testing.NewTestServiceClient(c.conn)
	passed, failed := 0, 0
	for _, entry := range cases {
		if *only != "" && *only != entry.name {
			continue
		}
		if reason := attempt(c, entry.run); reason != "" {
			fmt.Println("FAIL", entry.name, reason)
			failed++
		} else {
			fmt.Println("PASS", entry.name)
			passed++
		}
	}
	fmt.Printf("%d passed, %d failed\n", passed, failed)
	if failed > 0 || passed == 0 {
		os.Exit(1)
	}
}
