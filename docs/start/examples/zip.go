// Zips a folder of a bucket: into the bucket, then as a download to photos.zip.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"log"
	"net/http"
	"os"
	"time"
)

// Posts JSON and reads the answer, with the token where there is one.
func call(path string, fields, answer any, token string) error {
	body, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	request, err := http.NewRequest("POST", os.Getenv("URL")+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		message, _ := io.ReadAll(response.Body)
		return fmt.Errorf("%s: %s %s", path, response.Status, message)
	}
	return json.NewDecoder(response.Body).Decode(answer)
}

// Waits for a task; its link.
func result(task json.RawMessage, token string) (string, error) {
	var answer struct {
		Message, Error string
		Results        []string
	}
	if err := call("/v2/zipresult", task, &answer, token); err != nil {
		return "", err
	}
	if answer.Message != "SUCCESS" {
		return "", fmt.Errorf("%s", answer.Error)
	}
	return answer.Results[0], nil
}

// Into the bucket: a job.
func zipToBucket(what map[string]any, token string) error {
	fields := map[string]any{"zipTo": "zips/photos.zip"}
	for name, value := range what {
		fields[name] = value
	}
	var job json.RawMessage
	if err := call("/v2/zipstart", fields, &job, token); err != nil {
		return err
	}
	for {
		var task struct {
			State    string
			Progress struct{ FilesDone, FilesTotal int }
		}
		if err := call("/v2/zipstate", job, &task, token); err != nil {
			return err
		}
		fmt.Printf("%s: %d of %d files\n", task.State, task.Progress.FilesDone, task.Progress.FilesTotal)
		if task.State == "SUCCESS" || task.State == "FAILURE" {
			break
		}
		time.Sleep(time.Second)
	}
	link, err := result(job, token)
	if err == nil {
		fmt.Println("zip in the bucket:", link)
	}
	return err
}

// To this machine: a link that makes the zip while it is read.
func download(what map[string]any, token string) error {
	var stream json.RawMessage
	if err := call("/v2/streamzip", what, &stream, token); err != nil {
		return err
	}
	link, err := result(stream, token)
	if err != nil {
		return err
	}
	response, err := http.Get(link)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if response.StatusCode != http.StatusOK {
		return fmt.Errorf("the download: %s", response.Status)
	}
	file, err := os.Create("photos.zip")
	if err != nil {
		return err
	}
	defer file.Close()
	if _, err := io.Copy(file, response.Body); err != nil {
		return err
	}
	fmt.Println("downloaded photos.zip")
	return nil
}

func run() error {
	keys := map[string]any{"userKey": os.Getenv("USER_KEY"), "userSecret": os.Getenv("USER_SECRET")}
	var access struct{ Token string }
	if err := call("/gentoken", keys, &access, ""); err != nil {
		return err
	}
	what := map[string]any{
		"awsKey":    os.Getenv("AWS_ACCESS_KEY_ID"),
		"awsSecret": os.Getenv("AWS_SECRET_ACCESS_KEY"),
		"awsBucket": os.Getenv("BUCKET"),
		"filePaths": []string{os.Getenv("FOLDER")},
	}
	if err := zipToBucket(what, access.Token); err != nil {
		return err
	}
	return download(what, access.Token)
}

func main() {
	if err := run(); err != nil {
		log.Fatal(err)
	}
}
