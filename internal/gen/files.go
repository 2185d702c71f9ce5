package main

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

// writeFiles writes the generated files below root and removes those that are no longer generated.
func writeFiles(root string) error {
	files, stale, err := compare(root)
	if err != nil {
		return err
	}
	for _, path := range stale {
		if err := write(filepath.Join(root, path), files[path]); err != nil {
			return err
		}
	}
	return nil
}

// write puts a file in its place in one step, so that nobody compiles half of it; nil removes it.
func write(path string, text []byte) error {
	if text == nil {
		return os.Remove(path)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary := path + ".new"
	if err := os.WriteFile(temporary, text, 0o644); err != nil {
		return err
	}
	return os.Rename(temporary, path)
}

// checkFiles fails if a file is not as it would be generated.
func checkFiles(root string) error {
	_, stale, err := compare(root)
	if err != nil {
		return err
	}
	var errs []error
	for _, path := range stale {
		errs = append(errs, fmt.Errorf("%s is not up to date: run go run ./internal/gen and review the difference", path))
	}
	return errors.Join(errs...)
}

// compare generates the files and returns the paths of those that differ from what is there.
func compare(root string) (files map[string][]byte, stale []string, err error) {
	p, err := readPlan(root)
	if err != nil {
		return nil, nil, err
	}
	files, err = p.generate()
	if err != nil {
		return nil, nil, err
	}
	for _, path := range sortedKeys(files) {
		there, err := os.ReadFile(filepath.Join(root, path))
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, nil, err
		}
		if !bytes.Equal(there, files[path]) {
			stale = append(stale, path)
		}
	}
	for _, pattern := range []string{"*_gen.go", "redis/*_gen.go"} {
		paths, err := filepath.Glob(filepath.Join(root, pattern))
		if err != nil {
			return nil, nil, err
		}
		for _, path := range paths {
			path, err = filepath.Rel(root, path)
			if err != nil {
				return nil, nil, err
			}
			if files[path] == nil {
				stale = append(stale, path)
			}
		}
	}
	return files, stale, nil
}
