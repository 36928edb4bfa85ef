// keyring-oracle IMAGE... < .dockerconfigjson: which credentials the kubelet tries for each image, by its own code.
package main

import (
	"fmt"
	"io/ioutil"
	"os"

	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/credentialprovider"
	"k8s.io/kubernetes/pkg/credentialprovider/secrets"
)

func main() {
	config, err := ioutil.ReadAll(os.Stdin)
	if err != nil {
		fmt.Println("ERROR", err)
		os.Exit(1)
	}
	secret := v1.Secret{Type: v1.SecretTypeDockerConfigJson, Data: map[string][]byte{v1.DockerConfigJsonKey: config}}
	keyring, err := secrets.MakeDockerKeyring([]v1.Secret{secret}, &credentialprovider.BasicDockerKeyring{})
	if err != nil {
		fmt.Println("ERROR", err)
		os.Exit(1)
	}
	for _, image := range os.Args[1:] {
		credentials, found := keyring.Lookup(image)
		fmt.Printf("%s found=%v", image, found)
		for _, one := range credentials {
			fmt.Printf(" user=%q pass=%q", one.Username, one.Password)
		}
		fmt.Println()
	}
}
