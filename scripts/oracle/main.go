// The program behind test/oracle/cases: it asks Kubernetes' own code for its verdict on manifests.
//
// Standard input has one JSON object a line, {"id": "...", "yaml": "..."}. For each API object of a manifest one JSON line
// is written. README.md tells how to build and use it.
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	"k8s.io/klog/v2"
	"k8s.io/kubernetes/pkg/capabilities"
)

type manifest struct {
	ID   string `json:"id"`
	YAML string `json:"yaml"`
}

// answer is one line of the output.
type answer struct {
	File     string   `json:"file"` // the id of the manifest
	Doc      int      `json:"doc"`  // the number of the object in it
	Kind     string   `json:"kind,omitempty"`
	Verdict  verdict  `json:"verdict"`
	Errors   []reason `json:"errors,omitempty"`
	Warnings []string `json:"warnings,omitempty"`
}

type verdict string

const (
	accept  verdict = "accept"
	reject  verdict = "reject"
	unknown verdict = "unknown" // of a kind without a strategy here
)

// reason is one error of a rejected object.
type reason struct {
	Field  string `json:"field"`
	Type   string `json:"type"`
	Detail string `json:"detail"`
}

func main() {
	log.SetFlags(0)
	klog.SetLogger(klog.Logger{}) // drops what a server would write to its log
	// Privileged containers are a matter of policy; all usual distributions allow them.
	capabilities.Setup(true, 0)
	if err := serve(os.Stdin, os.Stdout); err != nil {
		log.Fatal(err)
	}
}

// serve answers line by line. The output is flushed whenever no more input is waiting, so that a caller can ask and wait.
func serve(input io.Reader, output io.Writer) error {
	lines := bufio.NewReaderSize(input, 1<<20)
	buffered := bufio.NewWriterSize(output, 1<<20)
	encoder := json.NewEncoder(buffered)
	encoder.SetEscapeHTML(false)
	for {
		line, err := lines.ReadBytes('\n')
		if len(line) > 1 {
			var one manifest
			if err := json.Unmarshal(line, &one); err != nil {
				return err
			}
			for index, found := range answersTo([]byte(one.YAML)) {
				found.File, found.Doc = one.ID, index
				if err := encoder.Encode(found); err != nil {
					return err
				}
			}
		}
		if errors.Is(err, io.EOF) {
			return buffered.Flush()
		}
		if err != nil {
			return err
		}
		if lines.Buffered() == 0 {
			if err := buffered.Flush(); err != nil {
				return err
			}
		}
	}
}
