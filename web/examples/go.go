// Zips a folder. Secrets come from the environment; without AWS keys, those that the account keeps.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"time"
)

const url = "http://127.0.0.1:8080"
const userKey = "YOUR_USER_KEY"

var token string

func call(path string, fields any) (answer map[string]any) {
	body, _ := json.Marshal(fields)
	request, _ := http.NewRequest("POST", url+path, bytes.NewReader(body))
	request.Header.Set("Content-Type", "application/json")
	if token != "" {
		request.Header.Set("Authorization", "Bearer "+token)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		panic(err)
	}
	defer response.Body.Close()
	json.NewDecoder(response.Body).Decode(&answer)
	return answer
}

func env(name string) string {
	if value := os.Getenv(name); value != "" {
		return value
	}
	return "-"
}

func main() {
	keys := map[string]string{"userKey": userKey, "userSecret": env("S3ZIPPER_USER_SECRET")}
	token = call("/gentoken", keys)["token"].(string)
	job := call("/v2/zipstart", map[string]any{
		"awsKey": env("AWS_ACCESS_KEY_ID"), "awsSecret": env("AWS_SECRET_ACCESS_KEY"),
		"awsBucket": "photos", "filePaths": []string{"2026/"}, "zipTo": "zips/2026.zip"})
	for {
		task := call("/v2/zipstate", job)
		if task["State"] == "SUCCESS" || task["State"] == "FAILURE" {
			fmt.Println(task["Results"], task["Error"])
			return
		}
		time.Sleep(time.Second)
	}
}
