package main

import (
	"net/netip"
	"os"
	"strings"
	"testing"

	"go.yaml.in/yaml/v3"
)

// TestComposeNamesItsOwnProxy: what comes through a published port comes from
// the network's gateway.
func TestComposeNamesItsOwnProxy(t *testing.T) {
	t.Parallel()
	text, err := os.ReadFile("../../compose.yaml")
	if err != nil {
		t.Fatal(err)
	}
	var compose struct {
		Services map[string]struct {
			Environment map[string]string
			Ports       []string
		}
		Networks map[string]struct {
			IPAM struct {
				Config []struct{ Subnet, Gateway string }
			}
		}
	}
	if err := yaml.Unmarshal(text, &compose); err != nil {
		t.Fatal(err)
	}
	service := compose.Services["persepsi"]
	_, fallback, _ := strings.Cut(service.Environment["PERSEPSI_TRUSTED_PROXY"], ":-")
	named, err := trustedProxies([]string{strings.TrimSuffix(fallback, "}")})
	if err != nil {
		t.Fatal(err)
	}
	networks := compose.Networks["default"].IPAM.Config
	if len(networks) != 1 {
		t.Fatalf("networks: %+v", networks)
	}
	gateway, err := netip.ParseAddr(networks[0].Gateway)
	if err != nil || named[0] != netip.PrefixFrom(gateway, 32) {
		t.Errorf("trusted is %v, the gateway %v (%v)", named, gateway, err)
	}
	// Only this machine may come by the gateway, else anybody would be believed.
	for _, port := range service.Ports {
		if !strings.HasPrefix(port, "127.0.0.1:") {
			t.Errorf("port %s is open to others", port)
		}
	}
}
