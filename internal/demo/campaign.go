package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/runa-community/terraform-provider-runa/internal/processgroup"
)

// thousand is how many winners the campaign has at first.
const thousand = 1000

// runCampaign is the story of a campaign: bought, appended to, and found again after its
// state is lost.
func runCampaign(ctx context.Context, path, bin string) error {
	began := time.Now()
	children, err := processgroup.New(ctx)
	if err != nil {
		return err
	}
	defer children.End()

	heading("A local Runa", `The sandbox answers as Runa's API does and keeps a ledger of what it sold.
No account, no key, no money, no internet.`)
	runa, err := startSandbox(children, filepath.Join(bin, "runa-sandbox"))
	if err != nil {
		return err
	}
	fmt.Println(runa.url)
	tf, err := newCLI(children, path, bin, filepath.Join("examples", "scenarios", "campaign"), runa)
	if err != nil {
		return err
	}

	heading("A thousand winners", "The example's list, made longer. They are one resource, and go into five orders.")
	if err := tf.writeList(thousand); err != nil {
		return err
	}
	if err := tf.run("init", nil, "-input=false"); err != nil {
		return err
	}
	if err := tf.run("apply", os.Stdout, "-input=false", "-auto-approve"); err != nil {
		return err
	}

	heading("Five more winners", "Only they are bought.")
	if err := tf.writeList(thousand + 5); err != nil {
		return err
	}
	if err := tf.run("apply", os.Stdout, "-input=false", "-auto-approve"); err != nil {
		return err
	}

	heading("The state is lost", "The campaign is found again at Runa, by its name.")
	if err := os.Remove(filepath.Join(tf.dir, "terraform.tfstate")); err != nil {
		return err
	}
	if err := tf.run("import", os.Stdout, "-input=false", "runa_campaign.winners", "winners-spring-2026"); err != nil {
		return err
	}
	if err := noChanges(tf.run("plan", os.Stdout, "-input=false", "-detailed-exitcode")); err != nil {
		return err
	}

	heading("Runa's side", "What counts is what Runa sold, so the demo asks the sandbox's ledger.")
	sold, err := runa.ledger(ctx)
	if err != nil {
		return err
	}
	rewards, err := sold.rewards()
	if err != nil {
		return err
	}
	for address, times := range rewards {
		if times != 1 {
			return fmt.Errorf("a reward was bought %d times: %s", times, address)
		}
	}
	if len(rewards) != thousand+5 {
		return fmt.Errorf("%d rewards, and the ledger has %d", thousand+5, len(rewards))
	}
	fmt.Printf("%d rewards, each bought once, in %d orders.\n", len(rewards), len(sold))
	fmt.Printf("\nDone in %s. The state and the logs are in %s.\n", time.Since(began).Round(time.Second), work)
	return nil
}

// writeList writes the example's list with so many winners.
func (c *cli) writeList(winners int) error {
	var list bytes.Buffer
	list.WriteString("id,email,product,amount\r\n")
	for i := range winners {
		fmt.Fprintf(&list, "w-%05d,w-%05d@example.com,ACME-US,25\r\n", i, i)
	}
	return os.WriteFile(filepath.Join(c.dir, "winners.csv"), list.Bytes(), 0o600)
}

// rewards counts how often each recipient of a ledger has a reward.
func (l ledger) rewards() (map[string]int, error) {
	counts := map[string]int{}
	for _, order := range l {
		var body struct {
			Items []struct {
				DistributionMethod struct {
					EmailAddress string `json:"email_address"`
				} `json:"distribution_method"`
			} `json:"items"`
		}
		if err := json.Unmarshal([]byte(order.Body), &body); err != nil {
			return nil, err
		}
		for _, item := range body.Items {
			counts[item.DistributionMethod.EmailAddress]++
		}
	}
	return counts, nil
}
