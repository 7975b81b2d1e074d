// SPDX-License-Identifier: Apache-2.0

// Reads a file of OTLP by the OpenTelemetry collector's own reader, turns it to Jaeger's model by the
// collector's translator, and prints each trace's batches as a line of JSON.
//
//	judge FILE
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/translator/jaeger"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

const longestLine = 1 << 30

func run(path string) error {
	file, err := os.Open(path)
	if err != nil {
		return err
	}
	defer file.Close()
	in := bufio.NewScanner(file)
	in.Buffer(nil, longestLine)
	out := bufio.NewWriter(os.Stdout)
	for n := 1; in.Scan(); n++ {
		var reader ptrace.JSONUnmarshaler
		traces, err := reader.UnmarshalTraces(in.Bytes())
		if err != nil {
			return fmt.Errorf("%s:%d: %w", path, n, err)
		}
		text, err := json.Marshal(jaeger.ProtoFromTraces(traces))
		if err != nil {
			return err
		}
		out.Write(append(text, '\n'))
	}
	if err := in.Err(); err != nil {
		return err
	}
	return out.Flush()
}

func main() {
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
